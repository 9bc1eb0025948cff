package web

import (
	"context"
	"net/http"
	"time"

	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/canopyradar/canopy/server/access"
)

// route is a path outside of the gateway.
type route struct {
	path    string
	summary string
	form    form
	// role is that which callers need.
	role access.Role
	// produces is the type of its answer.
	produces string
	handle   func(http.ResponseWriter, *http.Request) error
}

// plain are the paths that people link to and GIS programs open.
func (f *Face) plain() []route {
	return []route{
		{"/gaps.geojson", "The gaps of a network, and its radars.", newGapsQuery().form(), access.Compute, geoJSONType, f.gapsGeoJSON},
		{"/gaps.kmz", "The gaps of a network, and its radars, for Google Earth.", newGapsQuery().form(), access.Compute, kmzType, f.gapsKMZ},
		{"/sites.geojson", "The radars of a scenario.", sitesForm(new(string)), access.Read, geoJSONType, f.sitesGeoJSON},
		{"/airstrips.geojson", "Airstrips: all, the nearest, or those in a region.", (&airstripsQuery{}).form(), access.Read, geoJSONType, f.airstripsGeoJSON},
		{"/airspaces/{airspace}.geojson", "An airspace with its outline.", form{}, access.Read, geoJSONType, f.airspaceGeoJSON},
		{"/plans/{plan}.geojson", "The radars of a plan that has ended: those that stand, and those to be built. PLAN follows operations/ in the name of its operation.", form{}, access.Read, geoJSONType, f.planGeoJSON},
		{"/floor.tif", "The coverage floor of a network as a GeoTIFF: whole metres above mean sea level. Takes byte ranges.", newFloorQuery().fileForm(), access.Compute, keptTypes[floorEnding], f.floorTIFF},
		{"/floor.png", "The coverage floor as a picture; the header Canopy-Bounding-Box says where it lies.", newFloorQuery().pictureForm(), access.Compute, "image/png", f.floorPNG},
		{"/floor.kmz", "The coverage floor over the ground, with its radars and a legend, for Google Earth.", newFloorQuery().pictureForm(), access.Compute, kmzType, f.floorKMZ},
		{"/floors/{file}", "A floor by the digest of its content, DIGEST.tif, or what it stands on, DIGEST.json; as the headers Content-Location and Link of /floor.tif name them.", form{}, access.Read, keptTypes[floorEnding], f.keptFile},
		{healthPath, "Whether the server takes requests.", form{}, access.Nobody, jsonType, f.healthz},
	}
}

// patterns are the paths as http.ServeMux writes them, where that is different:
// an airspace_id may have slashes, and a verb at the end of an operation is the
// gateway's to know.
var patterns = map[string]string{
	"/airspaces/{airspace}.geojson": "/airspaces/{airspace...}",
	"/plans/{plan}.geojson":         "/plans/{plan}",
	"/v1/airspaces/{airspace_id}":   "/v1/airspaces/{airspace_id...}",

	"/v1/operations/{operation}:cancel": "/v1/operations/{operation}",
	"/v1/operations/{operation}:wait":   "/v1/operations/{operation}",
}

func pattern(method, path string) string {
	if special, ok := patterns[path]; ok {
		path = special
	}
	return method + " " + path
}

func (f *Face) routes(version string) (*http.ServeMux, error) {
	d, err := newDescription(version, f.plain())
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, r := range f.plain() {
		mux.Handle(pattern(http.MethodGet, r.path), f.timed(r.path, f.handler(f.limited(r))))
		if r.form.body != nil {
			mux.Handle(pattern(http.MethodPost, r.path), f.timed(r.path, f.handler(f.limited(r))))
		}
	}
	routed := map[string]bool{}
	for _, call := range d.calls {
		if p := pattern(call.method, call.path); !routed[p] {
			routed[p] = true
			mux.Handle(p, f.timed(call.path, f.handler(f.throughGateway(call.query))))
		}
	}
	mux.Handle("GET /openapi.json", f.timed("/openapi.json", f.handler(func(w http.ResponseWriter, r *http.Request) error {
		return send(w, r, jsonType, d.text)
	})))
	return mux, nil
}

// limited asks for the role of a route before it is answered: a floor that is kept
// is answered without a call.
func (f *Face) limited(to route) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := f.admit(r, to.role); err != nil {
			return err
		}
		return to.handle(w, r)
	}
}

func (f *Face) handler(handle func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := handle(w, r); err != nil {
			f.fail(w, r, err)
		}
	})
}

// throughGateway refuses queries that the gateway would pass over.
func (f *Face) throughGateway(query []parameter) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := readQuery(r.URL.RawQuery, query); err != nil {
			return err
		}
		if r.Method == http.MethodHead {
			// Which it does not know. It gets a copy, as net/http leaves the
			// content out by what the request itself says.
			r = r.WithContext(r.Context())
			r.Method = http.MethodGet
		}
		f.gateway.ServeHTTP(w, r)
		return nil
	}
}

// healthPath is open to all.
const healthPath = "/healthz"

// healthTimeout is how long the server has to say that it is well.
const healthTimeout = 5 * time.Second

// healthz answers from the health service: 200, or 503 for a server that is
// going.
func (f *Face) healthz(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
	defer cancel()
	answer, err := f.health.Check(ctx, &healthv1.HealthCheckRequest{})
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", jsonType)
	said := answer.GetStatus()
	if err != nil {
		said = healthv1.HealthCheckResponse_NOT_SERVING
	}
	if said != healthv1.HealthCheckResponse_SERVING {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write([]byte(`{"status":"` + said.String() + `"}` + "\n"))
	return nil
}
