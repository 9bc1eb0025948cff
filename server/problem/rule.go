package problem

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// FromValidation returns the error of a protovalidate.Validator for request as
// an *Invalid, one violation a field; other errors stay as they are.
func FromValidation(err error, request proto.Message) error {
	var bad *protovalidate.ValidationError
	if !errors.As(err, &bad) || len(bad.Violations) == 0 {
		return err
	}
	invalid := &Invalid{}
	for _, v := range bad.Violations {
		path := protovalidate.FieldPathString(v.Proto.GetField())
		// NaN breaks the rule on bounds and the one on finite numbers.
		if n := len(invalid.Violations); n > 0 && invalid.Violations[n-1].Field == path {
			continue
		}
		invalid.Violations = append(invalid.Violations, violation(path, v, request))
	}
	return invalid
}

func violation(path string, v *protovalidate.Violation, request proto.Message) Violation {
	if v.Proto.GetRuleId() == "required" {
		return Violation{Field: path, Reason: ReasonFieldRequired, Text: missing(v, request)}
	}
	return Violation{Field: path, Reason: ReasonFieldInvalid, Text: describe(v)}
}

func missing(v *protovalidate.Violation, request proto.Message) string {
	members := oneofMembers(request.ProtoReflect().Descriptor(), v.Proto.GetField().GetElements())
	if len(members) == 0 {
		return "missing: it is required"
	}
	return "not set: set one of " + strings.Join(members, ", ")
}

// oneofMembers returns the fields of the oneof at the end of a path, and none
// if a field is there.
func oneofMembers(message protoreflect.MessageDescriptor, path []*validate.FieldPathElement) []string {
	for i, element := range path {
		name := protoreflect.Name(element.GetFieldName())
		if oneof := message.Oneofs().ByName(name); oneof != nil && i == len(path)-1 {
			return namesOf(oneof.Fields())
		}
		field := message.Fields().ByName(name)
		if field == nil || field.Message() == nil {
			return nil
		}
		message = field.Message()
	}
	return nil
}

func namesOf(fields protoreflect.FieldDescriptors) []string {
	names := make([]string, fields.Len())
	for i := range names {
		names[i] = string(fields.Get(i).Name())
	}
	return names
}

// describe says what a value is and what is allowed. Where it knows no better
// it falls back on the words of the rule.
func describe(v *protovalidate.Violation) string {
	fallback := fmt.Sprintf("%s: %s", valueText(v), v.Proto.GetMessage())
	if v.FieldDescriptor == nil {
		return v.Proto.GetMessage()
	}
	rules, err := protovalidate.ResolveFieldRules(v.FieldDescriptor)
	if err != nil {
		return fallback
	}
	kind, _, _ := strings.Cut(v.Proto.GetRuleId(), ".")
	switch kind {
	case "double":
		r := rules.GetDouble()
		return interval{r.HasGte(), r.GetGte(), r.HasGt(), r.GetGt(), r.GetLte()}.excludes(valueText(v)) + unit(v.FieldDescriptor.Name())
	case "int32":
		r := rules.GetInt32()
		return interval{r.HasGte(), float64(r.GetGte()), r.HasGt(), float64(r.GetGt()), float64(r.GetLte())}.excludes(valueText(v))
	case "string":
		return lengthText(v, rules.GetString())
	case "repeated":
		return countText(v, rules.GetRepeated())
	case "enum":
		return fmt.Sprintf("%s is not a value of %s: want one of %s",
			valueText(v), v.FieldDescriptor.Enum().Name(), enumText(v.FieldDescriptor.Enum()))
	}
	return fallback
}

// interval is what a number may be; every one of the contract is closed above.
type interval struct {
	hasGTE bool
	gte    float64
	hasGT  bool
	gt     float64
	lte    float64
}

// excludes describes a number that is not in the interval.
func (i interval) excludes(value string) string {
	switch {
	case i.hasGTE:
		return fmt.Sprintf("%s is not between %s and %s", value, number(i.gte), number(i.lte))
	case i.hasGT:
		return fmt.Sprintf("%s is not above %s and at most %s", value, number(i.gt), number(i.lte))
	}
	return fmt.Sprintf("%s is above %s", value, number(i.lte))
}

// units are what the names of fields end in.
var units = map[string]string{"m": " m", "km": " km", "km2": " km²", "deg": " degrees"}

// unit returns the unit that a field's name ends in, with a space before it.
func unit(field protoreflect.Name) string {
	name := string(field)
	return units[name[strings.LastIndexByte(name, '_')+1:]]
}

func lengthText(v *protovalidate.Violation, r *validate.StringRules) string {
	if v.FieldValue.String() == "" {
		return "empty: it is required"
	}
	return fmt.Sprintf("%d characters, at most %d: shorten it", len([]rune(v.FieldValue.String())), r.GetMaxLen())
}

func countText(v *protovalidate.Violation, r *validate.RepeatedRules) string {
	n := uint64(v.FieldValue.List().Len())
	if n < r.GetMinItems() {
		return fmt.Sprintf("%d items, at least %d: add some", n, r.GetMinItems())
	}
	return fmt.Sprintf("%d items, at most %d: split the request", n, r.GetMaxItems())
}

func enumText(enum protoreflect.EnumDescriptor) string {
	values := enum.Values()
	names := make([]string, values.Len())
	for i := range names {
		names[i] = string(values.Get(i).Name())
	}
	return strings.Join(names, ", ")
}

func valueText(v *protovalidate.Violation) string {
	switch value := v.FieldValue.Interface().(type) {
	case float64:
		return number(value)
	case protoreflect.EnumNumber:
		return strconv.Itoa(int(value))
	case nil:
		return "nothing"
	default:
		return fmt.Sprint(value)
	}
}

// number writes plain decimals up to a million million, so that a range of
// 1000 km reads as 1000.
func number(v float64) string {
	if math.Abs(v) < 1e12 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
