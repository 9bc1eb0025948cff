package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server"
	"github.com/canopyradar/canopy/server/access"
	"github.com/canopyradar/canopy/server/document"
	"github.com/canopyradar/canopy/server/problem"
	gatewayv1 "github.com/canopyradar/canopy/server/web/gateway/canopy/v1"
	longrunning "github.com/canopyradar/canopy/server/web/gateway/google/longrunning"
)

// receiveAll leaves it to the server how long an answer may be: HTTP clients
// have no limit of their own.
var receiveAll = grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32))

func (f *Face) newGateway() *runtime.ServeMux {
	mux := runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, codec{&runtime.JSONPb{}}),
		runtime.WithIncomingHeaderMatcher(ownHeader),
		runtime.WithOutgoingHeaderMatcher(func(string) (string, bool) { return "", false }),
		runtime.WithMetadata(takesAll),
		runtime.WithMetadata(func(ctx context.Context, _ *http.Request) metadata.MD { return access.Vouch(ctx) }),
		runtime.WithErrorHandler(func(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
			f.fail(w, r, err)
		}),
		runtime.WithRoutingErrorHandler(func(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, _ int) {
			f.fail(w, r, unrouted(w, r, http.NotFoundHandler()))
		}),
		runtime.WithDisablePathLengthFallback(),
	)
	// They fail for clients that are nil alone.
	ctx := context.Background()
	_ = gatewayv1.RegisterCoverageServiceHandlerClient(ctx, mux, f.coverage)
	_ = gatewayv1.RegisterCatalogServiceHandlerClient(ctx, mux, f.catalog)
	_ = gatewayv1.RegisterTerrainServiceHandlerClient(ctx, mux, canopyv1.NewTerrainServiceClient(f.conn))
	_ = gatewayv1.RegisterSitingServiceHandlerClient(ctx, mux, canopyv1.NewSitingServiceClient(f.conn))
	_ = longrunning.RegisterOperationsHandlerClient(ctx, mux, f.operations)
	// Generated code takes the path of all operations for that of one, as ** may
	// be nothing.
	_ = mux.HandlePath(http.MethodGet, "/v1/operations", f.listOperations)
	return mux
}

func (f *Face) listOperations(w http.ResponseWriter, r *http.Request, _ map[string]string) {
	ctx, err := runtime.AnnotateContext(r.Context(), f.gateway, r, longrunningpb.Operations_ListOperations_FullMethodName)
	request := &longrunningpb.ListOperationsRequest{}
	if err == nil {
		err = runtime.PopulateQueryParameters(request, r.URL.Query(), utilities.NewDoubleArray(nil))
	}
	var text []byte
	if err == nil {
		var response *longrunningpb.ListOperationsResponse
		if response, err = f.operations.ListOperations(ctx, request); err == nil {
			text, err = codec{}.Marshal(response)
		}
	}
	if err == nil {
		err = send(w, r, jsonType, text)
	}
	if err != nil {
		f.fail(w, r, err)
	}
}

// ownHeader has headers that begin with canopy-, and those that say the trace of
// the request, go with the call as metadata, and no others.
func ownHeader(name string) (string, bool) {
	name = strings.ToLower(name)
	return name, strings.HasPrefix(name, "canopy-") || name == "traceparent" || name == "tracestate"
}

// takesAll asks for whatever the server sends where the client says nothing.
func takesAll(_ context.Context, r *http.Request) metadata.MD {
	if r.Header.Get(server.AnswerLimitKey) != "" {
		return nil
	}
	return metadata.Pairs(server.AnswerLimitKey, strconv.Itoa(math.MaxInt32))
}

// begin reads a request to a path outside of the gateway in the form that it
// takes, and returns the context of the calls that it makes: it ends with the
// request, or at the time that Grpc-Timeout says.
func (f *Face) begin(r *http.Request, as form) (context.Context, context.CancelFunc, error) {
	if err := as.read(r); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(r.Context())
	annotated, err := runtime.AnnotateContext(ctx, f.gateway, r, r.URL.Path)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	return annotated, cancel, nil
}

// codec is the JSON of the contract: its field names, zeros written, unknown
// fields refused, the same bytes for the same answer.
type codec struct{ *runtime.JSONPb }

// ContentType is that of every answer.
func (codec) ContentType(any) string { return jsonType }

const jsonType = "application/json"

// Marshal writes a message on one line.
func (codec) Marshal(v any) ([]byte, error) {
	message, ok := v.(proto.Message)
	if !ok {
		return nil, errors.New("web: an answer is no message")
	}
	text, err := document.Compact(message)
	return append(text, '\n'), err
}

// NewDecoder reads the one message of a body; io.EOF is of an empty body,
// which is an empty request.
func (codec) NewDecoder(r io.Reader) runtime.Decoder {
	return runtime.DecoderFunc(func(v any) error {
		message, ok := v.(proto.Message)
		if !ok {
			return errors.New("web: a request is no message")
		}
		return decode(r, message)
	})
}

// bodyPrefix is how errors of a body begin.
const bodyPrefix = "body: "

func decode(r io.Reader, message proto.Message) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return io.EOF
	}
	if err := protojson.Unmarshal(text, message); err != nil {
		return errors.New(bodyPrefix + plainer(err.Error()) + ": /openapi.json has the fields of this request")
	}
	return nil
}

// syntax is how protojson words what is wrong; the space is of several kinds.
var syntax = regexp.MustCompile(`^proto:[\s\x{a0}]*(?:syntax error )?(?:\(line (\d+):(\d+)\): )?(.*)$`)

func plainer(text string) string {
	parts := syntax.FindStringSubmatch(text)
	switch {
	case parts == nil:
		return text
	case parts[1] == "":
		return parts[3]
	}
	return parts[3] + " at line " + parts[1] + ", character " + parts[2]
}

// body reads the JSON of a request to a path outside of the gateway.
func body(r *http.Request, message proto.Message) error {
	if err := decode(r.Body, message); err != nil && !errors.Is(err, io.EOF) {
		return refuse(codes.InvalidArgument, problem.ReasonBodyInvalid, "%s", err)
	}
	return nil
}
