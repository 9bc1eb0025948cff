package fuzz

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
)

// client keeps no connections, whose goroutines would look like leaks.
var client = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// overload are the codes of a server that has too much to do, or that a request
// has kept busy for too long.
var overload = map[int]bool{http.StatusServiceUnavailable: true, http.StatusGatewayTimeout: true}

// bodies are the paths that take JSON.
var bodies = []string{
	"/v1/gaps", "/v1/points:check", "/v1/profile", "/v1/airstrips:assess", "/v1/airstrips:nearest", "/v1/airstrips:within",
	"/v1/plans", "/v1/candidates:find", "/v1/gaps:suggest", "/v1/criticality:assess", "/v1/elevations",
	"/gaps.geojson", "/gaps.kmz", "/floor.tif", "/floor.png", "/floor.kmz",
}

// json sends JSON: messages of any method, the same with bytes spoiled, or values
// of no message at all.
func (at *site) json(ctx context.Context, r *rand.Rand) error {
	s := newSorcerer(r)
	m := methods[r.IntN(len(methods))]
	body, err := protojson.Marshal(s.message(m.Input(), 0))
	if err != nil || r.IntN(6) == 0 {
		body, _ = json.Marshal(s.anything(0))
	}
	if r.IntN(4) == 0 {
		body = s.spoiled(body)
	}
	to := bodies[r.IntN(len(bodies))]
	// The body that belongs to the path, so that something is computed.
	for _, candidate := range methods {
		if name := strings.ToLower(string(candidate.Name())); r.IntN(2) == 0 && paths[to] == name {
			if fitting, err := protojson.Marshal(s.message(candidate.Input(), 0)); err == nil {
				body = fitting
			}
		}
	}
	return at.ask(ctx, http.MethodPost, to, string(body))
}

// paths are the methods behind some of bodies.
var paths = map[string]string{
	"/v1/gaps": "findgaps", "/v1/points:check": "checkpoints", "/v1/profile": "getprofile", "/v1/airstrips:assess": "assessairstrips",
	"/v1/airstrips:nearest": "findnearestairstrips", "/v1/airstrips:within": "findairstripswithin", "/v1/plans": "plannetwork",
	"/v1/candidates:find": "findcandidates", "/v1/gaps:suggest": "suggestsites", "/v1/criticality:assess": "assesscriticality",
	"/v1/elevations": "getelevations",
}

// anything is a value of JSON.
func (s *sorcerer) anything(depth int) any {
	switch kind := s.IntN(7); {
	case kind == 0 && depth < 4:
		list := make([]any, s.IntN(5))
		for i := range list {
			list[i] = s.anything(depth + 1)
		}
		return list
	case kind <= 2 && depth < 4:
		object := map[string]any{}
		for range s.IntN(5) {
			name := []string{"points", "network", "radars", "type", "features", "geometry", "coordinates", "altitudes", "properties", "position", "x"}[s.IntN(11)]
			object[name] = s.anything(depth + 1)
		}
		return object
	case kind == 3:
		return s.text("")
	case kind == 4:
		return s.IntN(2) == 0
	case kind == 5:
		return nil
	}
	return s.Float64() * 1000
}

// queries are parameters with values that are good, and that are not.
var queries = map[string][]string{
	"scenario": {"tps70-2015", "four-modern", "nope", ""}, "altitude": {"300m-agl", "FL100", "1000m-agl,2000m-amsl", "-5m-agl", "300", "1e400m-agl"},
	"airspace": {"peru/madre-de-dios", "vraem", "nowhere", "\xff"}, "resolution": {"240s", "120s", "7s", "-1s", "NaNs"},
	"radar": {"name=A,lat=-12.6,lon=-69.2,mast=15m,range=40km", "name=A", "lat=NaN,lon=1,range=1km", "name=A,lat=-12.6,lon=-69.2,range=1e9km"},
	"size":  {"100", "0", "100000000", "x"}, "near": {"-12,-69", "91,0", "x"}, "within": {"50km", "peru", "-1km"}, "count": {"1", "0", "1001", "99999999999999999999"},
	"page_size": {"1", "-1", "x"}, "pageToken": {"", "x"}, "reach": {"disc", "horizon", "terrain", "nope"}, "x": {"y"},
}

// path asks for paths, good and bad, with queries that may not be theirs.
func (at *site) path(ctx context.Context, r *rand.Rand) error {
	s := newSorcerer(r)
	all := append([]string{
		"/", "/v1/radar-models", "/v1/scenarios", "/v1/scenarios/", "/v1/airspaces", "/v1/airspaces/peru/loreto", "/v1/airstrips", "/v1/terrain", "/v1/operations",
		"/v1/operations/x", "/v1/operations/x:wait", "/v1/operations/x:cancel", "/sites.geojson", "/airstrips.geojson", "/airspaces/peru.geojson", "/airspaces/..%2f.geojson",
		"/plans/x.geojson", "/floors/x.tif", "/floors/" + strings.Repeat("0", 64) + ".tif", "/openapi.json", "/healthz", "/%00", "/v1/scenarios/%ff", "//", "/v1/..;/",
	}, bodies...)
	to := all[r.IntN(len(all))]
	if r.IntN(8) == 0 {
		to = "/" + url.PathEscape(string(s.spoiled([]byte(to))))
	}
	values := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(queries)) {
		of := queries[name]
		if s.IntN(8) == 0 {
			values.Add(name, of[s.oddly(len(of))])
		}
	}
	if strings.Contains(to, "floor") || strings.Contains(to, "gaps") {
		values.Add("radar", queries["radar"][s.oddly(4)])
		values.Add("resolution", "240s")
	}
	query := values.Encode()
	if r.IntN(8) == 0 {
		query = "%zz&=&;" + query
	}
	method := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, "DELETE", "OPTIONS", "X"}[s.oddly(7)]
	return at.ask(ctx, method, to+"?"+query, "")
}

func (at *site) ask(ctx context.Context, method, to, body string) error {
	request, err := http.NewRequestWithContext(ctx, method, at.url+to, strings.NewReader(body))
	if err != nil {
		return nil // No request that could be sent.
	}
	start := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("%s %s %q: after %v: %w", method, to, body, time.Since(start), err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	at.answers.add(fmt.Sprint(response.StatusCode))
	if err != nil {
		return fmt.Errorf("%s %s %q: %d: after %v: %w", method, to, body, response.StatusCode, time.Since(start), err)
	}
	if response.StatusCode >= http.StatusBadRequest && method != http.MethodHead && len(answer) == 0 {
		return fmt.Errorf("%s %s %q: %d, and not a word why", method, to, body, response.StatusCode)
	}
	if response.StatusCode >= http.StatusInternalServerError && !overload[response.StatusCode] {
		return fmt.Errorf("%s %s %q: %d: %s", method, to, body, response.StatusCode, answer)
	}
	return nil
}
