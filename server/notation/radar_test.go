package notation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/notation"
)

func pem() *canopyv1.Radar {
	return &canopyv1.Radar{
		RadarId: "pem", Name: "Puerto Maldonado", ModelId: "an-tps-70",
		Position: &canopyv1.Position{LatDeg: -12.6131, LonDeg: -69.2282},
		MastM:    proto.Float64(15), EffectiveEarthK: proto.Float64(1.42),
		State: canopyv1.RadarState_RADAR_STATE_OUT_OF_SERVICE,
		Limits: &canopyv1.RadarLimits{
			RangeKm: proto.Float64(400), MinRangeKm: proto.Float64(1),
			MinElevationDeg: proto.Float64(-1), MaxElevationDeg: proto.Float64(20),
			HeightLimitAmslM: proto.Float64(30480),
			Sector:           &canopyv1.Sector{FromDeg: 30, ToDeg: 120},
		},
	}
}

func TestRadar(t *testing.T) {
	got, err := notation.Radar("name=Puerto Maldonado, id=pem,lat=-12.6131,lon=-69.2282,mast=15m,range=400km,model=an-tps-70,state=out-of-service," +
		"sector=30-120,k=1.42,min-elevation=-1deg,max-elevation=20,height-limit=100000ft,min-range=1km")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(pem(), got, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

func TestRadarHeightLimit(t *testing.T) {
	for text, want := range map[string]float64{"30480m": 30480, "30480m-amsl": 30480, "FL1000": 30480} {
		got, err := notation.Radar("name=A,lat=1,lon=2,height-limit=" + text)
		if err != nil || got.GetLimits().GetHeightLimitAmslM() != want {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
}

func TestRadarRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no name", "lat=1,lon=2", "no name"},
		{"no position", "name=A,lat=1", "no lon"},
		{"no value", "name=A,lat=,lon=2", "lat has no value"},
		{"no key", "name=A,-12.6,lon=2", `"-12.6" is not key=value`},
		{"unknown key", "name=A,lat=1,lon=2,rnge=4km", `unknown key "rnge": want one of name, lat, lon, mast`},
		{"key twice", "name=A,lat=1,lat=1,lon=2", "lat is given twice"},
		{"latitude 95", "name=A,lat=95,lon=-69", "radar A: "},
		{"bare mast", "name=A,lat=1,lon=2,mast=15", `radar A: mast "15" has no unit: write 15m`},
		{"bare range", "name=A,lat=1,lon=2,range=400", `radar A: range "400" has no unit`},
		{"height above ground", "name=A,lat=1,lon=2,height-limit=300m-agl", "is above ground"},
		{"half a sector", "name=A,lat=1,lon=2,sector=30", "is not FROM-TO"},
		{"sector of words", "name=A,lat=1,lon=2,sector=north-east", "is not an angle"},
		{"k of words", "name=A,lat=1,lon=2,k=big", `k "big" is not a number`},
		{"unknown state", "name=A,lat=1,lon=2,state=off", `"off" is not a state`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := notation.Radar(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func FuzzRadar(f *testing.F) {
	f.Add("name=PEM,lat=-12.6131,lon=-69.2282,mast=15m,range=400km,sector=30-120")
	f.Add("name=,=,lat")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := notation.Radar(text); err == nil && got.GetName() == "" {
			t.Fatalf("%q gave a radar without a name", text)
		}
	})
}
