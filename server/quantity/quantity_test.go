package quantity_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/quantity"
)

func agl(m float64) *canopyv1.Altitude {
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_AglM{AglM: m}}
}

func amsl(m float64) *canopyv1.Altitude {
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_AmslM{AmslM: m}}
}

func fl(level float64) *canopyv1.Altitude {
	return &canopyv1.Altitude{Level: &canopyv1.Altitude_FlightLevel{FlightLevel: level}}
}

func TestAltitude(t *testing.T) {
	tests := []struct {
		text string
		want *canopyv1.Altitude
	}{
		{"300m-agl", agl(300)},
		{"1000ft-agl", agl(304.8)},
		{"3000ft-amsl", amsl(914.4)},
		{"3.5km-AMSL", amsl(3500)},
		{" 300 m AGL ", agl(300)},
		{"-10m-amsl", amsl(-10)},
		{"FL100", fl(100)},
		{"fl95", fl(95)},
		{"1e3m-agl", agl(1000)},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := quantity.Altitude(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAltitudeRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"bare", "300", `altitude "300" has no unit: write 300m-agl, 300m-amsl or FL010`},
		{"no reference", "300m", `altitude "300m" has no reference: write 300m-agl (above ground) or 300m-amsl (above sea level)`},
		{"unknown unit", "300yd-agl", `altitude "300yd-agl" cannot be read: write 300m-agl or 1000ft-agl`},
		{"reference without unit", "300-agl", `altitude "300-agl" cannot be read: write 300m-agl or 1000ft-agl`},
		{"empty", "", `altitude "" is not an altitude: write 300m-agl, 3000ft-amsl or FL100`},
		{"not a number", "NaNm-agl", `altitude "NaNm-agl" cannot be read: write 300m-agl or 1000ft-agl`},
		{"flight level without number", "FLx", `altitude "FLx" is not a flight level: write FL100`},
		{"flight level infinite", "FLInf", `altitude "FLInf" is not a flight level: write FL100`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := quantity.Altitude(tt.text); err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestAltitudesInOneFlag(t *testing.T) {
	got, err := quantity.Altitudes("300m-agl, FL100")
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, %v", got, err)
	}
	if _, err := quantity.Altitudes("300m-agl,"); err == nil {
		t.Error("an empty altitude passed")
	}
}

func TestFormatAltitude(t *testing.T) {
	tests := []struct {
		altitude         *canopyv1.Altitude
		typed, described string
	}{
		{agl(300), "300m-agl", "300 m AGL"},
		{amsl(914.4), "914.4m-amsl", "914.4 m AMSL"},
		{fl(100), "FL100", "FL100"},
		{fl(5), "FL005", "FL005"},
		{fl(9.5), "FL009.5", "FL009.5"},
		{nil, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.typed, func(t *testing.T) {
			if got := quantity.FormatAltitude(tt.altitude); got != tt.typed {
				t.Errorf("typed %q, want %q", got, tt.typed)
			}
			if got := quantity.DescribeAltitude(tt.altitude); got != tt.described {
				t.Errorf("described %q, want %q", got, tt.described)
			}
		})
	}
}

func TestLength(t *testing.T) {
	tests := []struct {
		text  string
		wantM float64
	}{
		{"15m", 15}, {"400km", 400e3}, {"444.48km", 444480}, {"216nmi", 400032},
		{"240NM", 444480}, {"250mi", 402336}, {"100 ft", 30.48}, {"-5m", -5},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := quantity.LengthM("range", tt.text)
			if err != nil || math.Abs(got-tt.wantM) > 1e-9*math.Abs(tt.wantM) {
				t.Errorf("got %v, %v, want %v", got, err, tt.wantM)
			}
		})
	}
}

func TestLengthInKmKeepsItsDigits(t *testing.T) {
	if got, _ := quantity.LengthKm("range", "444.48km"); got != 444.48 {
		t.Errorf("got %v", got)
	}
}

func TestArea(t *testing.T) {
	for text, want := range map[string]float64{"25km2": 25, "25 km²": 25, "500000m2": 0.5, "0km2": 0} {
		if got, err := quantity.AreaKm2("--min-area", text); err != nil || got != want {
			t.Errorf("%s: got %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	length := func(text string) error { _, err := quantity.LengthM("range", text); return err }
	area := func(text string) error { _, err := quantity.AreaKm2("area", text); return err }
	angle := func(text string) error { _, err := quantity.AngleDeg("sector", text); return err }
	at := func(text string) error { _, err := quantity.Position(text); return err }
	point := func(text string) error { _, err := quantity.Point(text); return err }
	circle := func(text string) error { _, err := quantity.Circle(text); return err }
	tests := []struct {
		name  string
		parse func(string) error
		text  string
		want  string
	}{
		{"bare length", length, "400", "write 400m, 400km, 400ft or 400nmi"},
		{"unknown unit of length", length, "400ly", `has unit "ly"`},
		{"length of words", length, "far", "is not a length"},
		{"bare area", area, "25", "write 25km2"},
		{"area in hectares", area, "25ha", "want km2 or m2"},
		{"area of words", area, "km2", "is not an area"},
		{"angle of words", angle, "east", "is not an angle"},
		{"one number", at, "-12.6", "is not LAT,LON"},
		{"latitude NaN", at, "NaN,-69", `latitude "NaN" is not a number`},
		{"latitude 95", at, "95,-69", "are latitude and longitude swapped?"},
		{"latitude 95, longitude 120", at, "95,120", "latitude 95 is beyond ±90: write decimal degrees"},
		{"longitude 200", at, "-12,200", "longitude 200 is beyond ±180"},
		{"metres of a projection", at, "8606000,475000", "convert them to WGS-84"},
		{"point without altitude", point, "-12,-69", "is not LAT,LON,ALTITUDE"},
		{"point with bare altitude", point, "-12,-69,300", `altitude "300" has no unit`},
		{"circle with bare radius", circle, "-12,-69,50", `radius "50" has no unit`},
		{"circle without radius", circle, "-12,-69", "is not LAT,LON,RADIUS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.parse(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want it to say %q", err, tt.want)
			}
		})
	}
}

func TestAngle(t *testing.T) {
	for text, want := range map[string]float64{"20": 20, "-1.5deg": -1.5, "30°": 30} {
		if got, err := quantity.AngleDeg("sector", text); err != nil || got != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
}

func TestFrequency(t *testing.T) {
	for text, want := range map[string]float64{"3000MHz": 3000, "1.3 GHz": 1300, "30mhz": 30} {
		if got, err := quantity.FrequencyMHz("frequency", text); err != nil || got != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
}

func TestArcsec(t *testing.T) {
	for text, want := range map[string]float64{"3s": 3, "15arcsec": 15, "0.5″": 0.5, "30 S": 30} {
		if got, err := quantity.Arcsec("resolution", text); err != nil || got != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
}

func TestUnitsRefused(t *testing.T) {
	tests := []struct {
		name, text, want string
		read             func(what, text string) (float64, error)
	}{
		{"no frequency", "fast", `x "fast" is not a frequency: write 3000MHz or 3GHz`, quantity.FrequencyMHz},
		{"bare frequency", "3000", `x "3000" has no unit: write 3000MHz or 3000GHz`, quantity.FrequencyMHz},
		{"unknown frequency", "3000rpm", `x "3000rpm" has unit "rpm": want MHz or GHz`, quantity.FrequencyMHz},
		{"no arc-seconds", "fine", `x "fine" is not a number of arc-seconds: write 3s or 15s`, quantity.Arcsec},
		{"bare arc-seconds", "15", `x "15" has no unit: write 15s`, quantity.Arcsec},
		{"metres for arc-seconds", "30m", `x "30m" has unit "m": want s, for arc-seconds`, quantity.Arcsec},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.read("x", tt.text); err == nil || err.Error() != tt.want {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Whatever is read and written comes back the same, and nothing that is not
// finite is ever let through.
func FuzzAltitude(f *testing.F) {
	for _, seed := range []string{"300m-agl", "3000ft-amsl", "FL100", "300", "fl", "-1e9km-amsl", "25km2", "agl"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := quantity.Altitude(text)
		if err != nil {
			return
		}
		typed := quantity.FormatAltitude(a)
		again, err := quantity.Altitude(typed)
		if err != nil {
			t.Fatalf("%q was written as %q: %v", text, typed, err)
		}
		if diff := cmp.Diff(a, again, protocmp.Transform()); diff != "" {
			t.Fatalf("%q was written as %q: %s", text, typed, diff)
		}
	})
}

func FuzzPoint(f *testing.F) {
	f.Add("-12.519,-73.829,3000m-amsl")
	f.Add("95,0,FL100")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := quantity.Point(text)
		if err != nil {
			return
		}
		if math.Abs(p.GetPosition().GetLatDeg()) > 90 || math.Abs(p.GetPosition().GetLonDeg()) > 180 {
			t.Fatalf("%q is not on the earth", text)
		}
	})
}

func FuzzLength(f *testing.F) {
	for _, seed := range []string{"400km", "25km2", "1e400m", "²", "m2", "km2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := quantity.LengthM("range", text); err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Fatalf("%q gave %v", text, v)
		}
		if v, err := quantity.AreaKm2("area", text); err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Fatalf("%q gave %v", text, v)
		}
	})
}
