package fuzz

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// sorcerer fills messages at random. Where wild is 0 what it writes is plausible,
// so that much of it is computed; where it is 1 nothing is.
type sorcerer struct {
	*rand.Rand
	wild float64
}

func newSorcerer(r *rand.Rand) *sorcerer {
	return &sorcerer{r, []float64{0, 0, 0.02, 0.1, 0.5, 1}[r.IntN(6)]}
}

func (s *sorcerer) wildly() bool { return s.Float64() < s.wild }

// deepest is how far messages nest.
const deepest = 8

func (s *sorcerer) message(d protoreflect.MessageDescriptor, depth int) *dynamicpb.Message {
	m := dynamicpb.NewMessage(d)
	if depth > deepest {
		return m
	}
	fields := d.Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if !s.present(f) {
			continue
		}
		if f.IsList() {
			list, least := m.Mutable(f).List(), int(rulesOf(f).GetRepeated().GetMinItems())
			for range least + s.IntN(4) {
				list.Append(s.value(f, depth))
			}
			continue
		}
		m.Set(f, s.value(f, depth))
	}
	for i := range d.Oneofs().Len() {
		if o := d.Oneofs().Get(i); !o.IsSynthetic() && !s.wildly() {
			f := o.Fields().Get(s.IntN(o.Fields().Len()))
			m.Set(f, s.value(f, depth))
		}
	}
	if d.Name() == "Ring" && !s.wildly() {
		s.close(m)
	}
	return m
}

// present is true of what must be, and of a third of the rest.
func (s *sorcerer) present(f protoreflect.FieldDescriptor) bool {
	rules := rulesOf(f)
	if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() || f.IsMap() {
		return false
	}
	needed := rules.GetRequired() || rules.GetRepeated().GetMinItems() > 0 || rules.GetString().GetMinLen() > 0 ||
		rules.GetInt32().GetGte() > 0 || strings.HasSuffix(string(f.Name()), "_deg") && f.ContainingOneof() == nil
	return needed && !s.wildly() || s.IntN(3) == 0
}

// rulesOf are those that the contract has for a field; nil for none, which has no
// more to say.
func rulesOf(f protoreflect.FieldDescriptor) *validate.FieldRules {
	rules, _ := proto.GetExtension(f.Options(), validate.E_Field).(*validate.FieldRules)
	return rules
}

// close makes a ring of a square, as rings drawn at random are none.
func (s *sorcerer) close(ring *dynamicpb.Message) {
	field := ring.Descriptor().Fields().ByName("positions")
	list := ring.Mutable(field).List()
	list.Truncate(0)
	lat, lon, side := s.number("lat_deg", nil), s.number("lon_deg", nil), 0.1+s.Float64()
	for _, corner := range [][2]float64{{0, 0}, {0, side}, {side, side}, {side, 0}, {0, 0}} {
		p := dynamicpb.NewMessage(field.Message())
		p.Set(field.Message().Fields().ByName("lat_deg"), protoreflect.ValueOfFloat64(lat+corner[0]))
		p.Set(field.Message().Fields().ByName("lon_deg"), protoreflect.ValueOfFloat64(lon+corner[1]))
		list.Append(protoreflect.ValueOfMessage(p))
	}
}

func (s *sorcerer) value(f protoreflect.FieldDescriptor, depth int) protoreflect.Value {
	name := string(f.Name())
	switch f.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return protoreflect.ValueOfMessage(s.message(f.Message(), depth+1))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(s.IntN(2) == 0)
	case protoreflect.EnumKind:
		if s.wildly() {
			return protoreflect.ValueOfEnum(protoreflect.EnumNumber(s.Int32() - math.MaxInt32/2))
		}
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(s.IntN(f.Enum().Values().Len())))
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(s.text(name))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(s.text(name)))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(s.number(name, rulesOf(f).GetDouble()))
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(s.number(name, rulesOf(f).GetDouble())))
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(s.integer()))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(s.integer()))
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return protoreflect.ValueOfUint64(uint64(s.integer()))
	default:
		return protoreflect.ValueOfInt64(s.integer())
	}
}

var strange = []float64{
	0, math.Copysign(0, -1), 1, -1, 1e-9, 90, -90, 180, -180, 360, 1e9, -1e9, 1e300, -1e300, math.MaxFloat64,
	math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN(),
}

// number is plausible for a field of a name with rules.
func (s *sorcerer) number(name string, rules *validate.DoubleRules) float64 {
	if s.wildly() {
		return strange[s.IntN(len(strange))]
	}
	z := s.Float64()
	switch {
	case strings.HasPrefix(name, "lat"), strings.HasPrefix(name, "south"):
		return -13 + 2*z
	case strings.HasPrefix(name, "north"):
		return -10 + 2*z
	case strings.HasPrefix(name, "lon"), strings.HasPrefix(name, "west"):
		return -72 + 2*z
	case strings.HasPrefix(name, "east"):
		return -69 + 2*z
	case strings.HasSuffix(name, "arcsec"):
		return 120 * float64(1+s.IntN(3))
	case strings.HasSuffix(name, "_km"):
		return 60 * z
	}
	least, most := max(rules.GetGte(), rules.GetGt()), 3000.0
	if rules.HasLte() {
		most = min(rules.GetLte(), max(3000, 2*least))
	}
	return least + (most-least)*z
}

var whole = []int64{0, 1, -1, 100, 1000, 1001, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64}

func (s *sorcerer) integer() int64 {
	if s.wildly() {
		return whole[s.IntN(len(whole))]
	}
	return int64(1 + s.IntN(2))
}

var (
	known = []string{
		"peru/madre-de-dios", "peru/tumbes", "vraem", "peru", "tps70-2015", "four-modern", "canopy-11", "an-tps-70", "SPTN",
		"a", "b", "operations/0123456789abcdef", "0123456789abcdef", "2026-01-31",
	}
	odd = []string{"", " ", "ñandú", "../../../etc/passwd", "a\x00b", "%s%n", strings.Repeat("x", 300), "\u202e", "null", "operations/", "-", "peru/"}
)

func (s *sorcerer) text(name string) string {
	switch {
	case s.wildly():
		return odd[s.IntN(len(odd))]
	case name == "scenario_id":
		return known[4+s.IntN(2)]
	case name == "airspace_id":
		return known[s.IntN(3)]
	case name == "model_id":
		return "an-tps-70"
	case name == "page_token", name == "as_of", name == "filter":
		return ""
	case strings.HasPrefix(name, "airstrip"), name == "name", name == "radar_id", name == "candidate_id":
		return fmt.Sprint("n", s.IntN(1000))
	case name == "call_id":
		return strings.Repeat("c", 36)
	}
	return known[s.IntN(len(known))]
}

// encoded is a message, which may be spoiled.
func (s *sorcerer) encoded(d protoreflect.MessageDescriptor) []byte {
	raw, err := proto.MarshalOptions{AllowPartial: true}.Marshal(s.message(d, 0))
	if err != nil {
		return []byte{0xff}
	}
	if s.IntN(4) == 0 {
		return s.spoiled(raw)
	}
	return raw
}

// spoiled has bits flipped, parts left out, put in or put twice.
func (s *sorcerer) spoiled(raw []byte) []byte {
	for range 1 + s.IntN(4) {
		from := s.IntN(len(raw) + 1)
		to := from + s.IntN(min(len(raw)-from, 40)+1)
		switch s.IntN(4) {
		case 0:
			if from < len(raw) {
				raw[from] ^= 1 << s.IntN(8)
			}
		case 1:
			raw = append(raw[:from:from], raw[to:]...)
		case 2:
			raw = append(raw[:to:to], raw[from:]...)
		default:
			noise := make([]byte, s.IntN(12))
			for i := range noise {
				noise[i] = byte(s.Uint32())
			}
			raw = append(raw[:from:from], append(noise, raw[from:]...)...)
		}
	}
	return raw
}
