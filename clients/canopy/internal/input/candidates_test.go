package input

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/testing/protocmp"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

func TestCandidates(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"a name and a place", "c.csv", "name,lat,lon\nAtalaya,-10.7,-73.8\n",
			`radar:{name:"Atalaya" position:{lat_deg:-10.7 lon_deg:-73.8}}`},
		{"every column", "c.csv", "name,lat,lon,id,model,mast,range,cost,fixed,forbidden,why\nAtalaya,-10.7,-73.8,ata,an-tps-77,30,400,17.75M,yes,no,road\n",
			`radar:{radar_id:"ata" name:"Atalaya" model_id:"an-tps-77" position:{lat_deg:-10.7 lon_deg:-73.8} mast_m:30 limits:{range_km:400}}
			cost_usd:17750000 fixed:true reason:"road"`},
		{"as spreadsheets write it", "c.csv", "name;lat;lon;cost_usd;forbidden\nAtalaya;-10.7;-73.8;$17,750,000;TRUE\n",
			`radar:{name:"Atalaya" position:{lat_deg:-10.7 lon_deg:-73.8}} cost_usd:17750000 forbidden:true`},
		{"GeoJSON", "c.geojson", `{"type":"Feature","geometry":{"type":"Point","coordinates":[-73.8,-10.7]},"properties":{"name":"Atalaya","mast_m":30,"cost_usd":17750000,"fixed":true,"forbidden":null}}`,
			`radar:{name:"Atalaya" position:{lat_deg:-10.7 lon_deg:-73.8} mast_m:30} cost_usd:17750000 fixed:true`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Candidates(write(t, tt.file, tt.text))
			if err != nil {
				t.Fatal(err)
			}
			want := &canopyv1.Candidate{}
			if err := prototext.Unmarshal([]byte(tt.want), want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got[0].Value, protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCandidatesRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a cost in words", "name,lat,lon,cost\nA,1,2,much\n", `c.csv line 2: column cost: "much" is not an amount of US dollars: write 17750000 or 17.75M`},
		{"perhaps fixed", "name,lat,lon,fixed\nA,1,2,perhaps\n", `c.csv line 2: column fixed: "perhaps" is neither true nor false: write true or false, or leave it empty`},
		{"perhaps forbidden", "name,lat,lon,forbidden\nA,1,2,x\n", `c.csv line 2: column forbidden: "x" is neither true nor false`},
		{"a mast in words", "name,lat,lon,mast_m\nA,1,2,high\n", `c.csv line 2: column mast_m: "high" is not a number`},
		{"no name", "name,lat,lon\n,1,2\n", `c.csv line 2: column name: empty`},
		{"latitude 95", "name,lat,lon\nA,95,2\n", `c.csv line 2: latitude 95 is beyond ±90`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Candidates(write(t, "c.csv", tt.text))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}
