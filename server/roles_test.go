package server

import (
	"testing"

	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/terrain/srtm30"
)

// Every method has a role of its own; what has none is for administrators.
func TestEveryMethodHasARole(t *testing.T) {
	s, err := New(Config{Terrain: srtm30.Model()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	methods := 0
	for service, info := range s.grpc.GetServiceInfo() {
		for _, method := range info.Methods {
			methods++
			if name := "/" + service + "/" + method.Name; !access.Knows(name) {
				t.Errorf("%s has no role: give it one in server/access/roles.go", name)
			}
		}
	}
	if methods < 30 {
		t.Errorf("looked at %d methods", methods)
	}
	if got := access.RoleFor("/canopy.v1.CoverageService/Unheard"); got != access.Administer {
		t.Errorf("a method without a role is for %v", got)
	}
}
