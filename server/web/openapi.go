package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// fromContract describes the calls of the contract; make generate writes it.
//
//go:embed openapi.swagger.json
var fromContract []byte

// description is what /openapi.json says, in OpenAPI 2.0: all paths, those of
// the contract and the others.
type description struct {
	text []byte
	// calls are the paths of the contract.
	calls []call
}

// call is a call of the contract, and the query that it takes.
type call struct {
	method, path string
	query        []parameter
}

// object is one of JSON.
type object = map[string]any

const about = "Where radars leave an airspace uncovered, how low they see there, and why. " +
	"Every call of the gRPC service canopy.v1 is under /v1/. Other paths answer with maps and files, to a query in the notation of the program canopy, or to a POST of the JSON of the call. " +
	"Errors are of google.rpc.Status, with a google.rpc.ErrorInfo and, for bad input, a google.rpc.BadRequest in details. " +
	"The header Grpc-Timeout (30S) limits the time of a call, Canopy-Max-Answer-Bytes its answer; with Canopy-Call-Id, WatchProgress over gRPC tells how far it is. A body has at most 4 MiB."

func newDescription(version string, plain []route) (*description, error) {
	var doc object
	if err := json.Unmarshal(fromContract, &doc); err != nil {
		return nil, fmt.Errorf("openapi.swagger.json: %w", err)
	}
	paths, _ := doc["paths"].(object)
	spellOut(paths)
	withoutPatterns(paths)
	typed, err := operationsOf(paths)
	if err != nil {
		return nil, fmt.Errorf("openapi.swagger.json: %w", err)
	}
	d := &description{calls: calls(typed)}
	doc["info"] = object{"title": "Canopy", "version": version, "description": about, "license": object{"name": "Apache-2.0"}}
	for _, r := range plain {
		paths[r.path] = r.describe()
	}
	paths["/openapi.json"] = route{path: "/openapi.json", summary: "This description.", produces: jsonType}.describe()
	definitions, _ := doc["definitions"].(object)
	definitions["ExportFloorRequest"] = exportFloorRequest
	d.text, err = json.Marshal(doc)
	return d, err
}

// operationsOf returns what is needed of paths.
func operationsOf(paths object) (typed map[string]map[string]operation, err error) {
	text, err := json.Marshal(paths)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(text, &typed)
	return typed, err
}

// named is a parameter of a path that stands for names of operations: all, or
// one.
var named = regexp.MustCompile(`\{name(_\d+)?\}`)

// spellOut has /v1/operations and /v1/operations/{operation} in the place of
// /v1/{name}, of which the generator says in a pattern alone what name begins
// with.
func spellOut(paths object) {
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if !named.MatchString(path) {
			continue
		}
		methods, _ := paths[path].(object)
		delete(paths, path)
		for method, value := range methods {
			o, _ := value.(object)
			spelled := named.ReplaceAllString(path, operationName(o))
			if paths[spelled] == nil {
				paths[spelled] = object{}
			}
			paths[spelled].(object)[method] = o
		}
	}
}

// operationName spells out the name in the path of an operation of OpenAPI, and
// renames the parameter, or leaves it out.
func operationName(o object) string {
	parameters, _ := o["parameters"].([]any)
	i := slices.IndexFunc(parameters, func(p any) bool { return p.(object)["in"] == "path" })
	if i < 0 {
		return "operations"
	}
	if name := parameters[i].(object); name["pattern"] != "operations" {
		name["name"], name["description"] = "operation", "What follows operations/ in the name of the operation."
		return "operations/{operation}"
	}
	o["parameters"] = slices.Delete(parameters, i, i+1)
	return "operations"
}

// withoutPatterns takes the patterns of parameters out of a description. The
// generator asks for a slash in an airspace_id, which may have one.
func withoutPatterns(value any) {
	switch v := value.(type) {
	case object:
		delete(v, "pattern")
		for _, member := range v {
			withoutPatterns(member)
		}
	case []any:
		for _, item := range v {
			withoutPatterns(item)
		}
	}
}

// exportFloorRequest is not in the generated description, as the call is no
// unary one.
var exportFloorRequest = object{
	"type": "object", "description": "Asks for the coverage floor as a raster.",
	"properties": object{
		"network":     object{"$ref": "#/definitions/NetworkSelection"},
		"options":     object{"$ref": "#/definitions/CoverageOptions"},
		"compression": object{"type": "string", "enum": []string{"COMPRESSION_UNSPECIFIED", "COMPRESSION_NONE", "COMPRESSION_DEFLATE", "COMPRESSION_ZSTD"}},
	},
}

// operation is what is needed of one in the generated description.
type operation struct {
	Parameters []struct {
		Name, In, Type string
		Items          struct{ Enum []string }
	} `json:"parameters"`
}

func calls(paths map[string]map[string]operation) []call {
	var all []call
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for _, method := range slices.Sorted(maps.Keys(paths[path])) {
			all = append(all, call{method: strings.ToUpper(method), path: path, query: paths[path][method].query()})
		}
	}
	return all
}

// query are the parameters of a call, which the gateway sets. They are looked
// at before, as it passes over names that it does not know.
func (o operation) query() []parameter {
	var all []parameter
	for _, p := range o.Parameters {
		if p.In == "query" {
			all = append(all, parameter{name: p.Name, many: p.Type == "array", set: checkOf(p.Type, p.Items.Enum)})
		}
	}
	return all
}

func checkOf(kind string, enum []string) func(string) error {
	switch {
	case kind == "integer":
		return one(new(int32), whole)
	case kind == "boolean":
		return flag(new(bool))
	case len(enum) > 0:
		return func(text string) error {
			if !slices.Contains(enum, text) {
				return fmt.Errorf("%q is not one of %s", text, strings.Join(enum, ", "))
			}
			return nil
		}
	}
	return text(new(string))
}

// describe returns the operations of a path.
func (r route) describe() object {
	operations := object{"get": r.operation(http.MethodGet, slices.Concat(r.form.typed, r.form.beside))}
	if r.form.body != nil {
		post := r.operation(http.MethodPost, r.form.beside)
		name := string(r.form.body.ProtoReflect().Descriptor().Name())
		post["parameters"] = append(post["parameters"].([]object), object{
			"name": "body", "in": "body", "required": true, "schema": object{"$ref": "#/definitions/" + name},
		})
		operations["post"] = post
	}
	return operations
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func (r route) operation(method string, query []parameter) object {
	parameters := []object{}
	for _, found := range placeholder.FindAllStringSubmatch(r.path, -1) {
		parameters = append(parameters, object{"name": found[1], "in": "path", "required": true, "type": "string"})
	}
	for _, p := range query {
		parameters = append(parameters, p.describe())
	}
	answer := object{"description": "A successful response."}
	if strings.HasSuffix(r.produces, "json") {
		answer["schema"] = object{"type": "object"}
	} else {
		answer["schema"] = object{"type": "string", "format": "binary"}
	}
	return object{
		"summary": r.summary, "operationId": r.operationID(method), "tags": []string{"Maps and files"},
		"produces": []string{r.produces}, "parameters": parameters,
		"responses": object{"200": answer, "default": object{"description": "An error response.", "schema": object{"$ref": "#/definitions/Status"}}},
	}
}

// operationID is GetGapsGeojson of GET /gaps.geojson.
func (r route) operationID(method string) string {
	words := strings.FieldsFunc(strings.ToLower(method)+r.path, func(c rune) bool { return strings.ContainsRune("/.{}", c) })
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

func (p parameter) describe() object {
	d := object{"name": p.name, "in": "query", "type": "string", "description": p.about + " Example: " + p.example}
	if p.many {
		d["type"], d["items"], d["collectionFormat"] = "array", object{"type": "string"}, "multi"
	}
	return d
}
