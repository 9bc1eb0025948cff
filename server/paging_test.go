package server_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
	"github.com/canopyradar/canopy/server/problem"
)

func TestPagesHoldEveryAirstripOnce(t *testing.T) {
	client := catalogClient(t)
	active := []canopyv1.AirstripStatus{canopyv1.AirstripStatus_AIRSTRIP_STATUS_ACTIVE}
	none := &canopyv1.AirstripSelection{WithoutBuiltin: true}
	tests := []struct {
		name       string
		req        *canopyv1.ListAirstripsRequest
		pages, all int
	}{
		{"default size", &canopyv1.ListAirstripsRequest{}, 3, 209},
		{"one page", &canopyv1.ListAirstripsRequest{PageSize: 1000}, 1, 209},
		{"exact page", &canopyv1.ListAirstripsRequest{PageSize: 209}, 1, 209},
		{"small pages", &canopyv1.ListAirstripsRequest{PageSize: 7}, 30, 209},
		{"only active ones", &canopyv1.ListAirstripsRequest{Statuses: active}, 2, 184},
		{"nothing", &canopyv1.ListAirstripsRequest{Airstrips: none}, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var ids []string
			pages := 0
			for token := ""; pages == 0 || token != ""; pages++ {
				req := proto.CloneOf(tt.req)
				req.PageToken = token
				resp, err := client.ListAirstrips(testContext(t), req)
				if err != nil {
					t.Fatal(err)
				}
				if resp.GetTotalSize() != int32(tt.all) {
					t.Errorf("total_size = %d, want %d", resp.GetTotalSize(), tt.all)
				}
				for _, a := range resp.GetAirstrips() {
					ids = append(ids, a.GetAirstripId())
				}
				token = resp.GetNextPageToken()
			}
			if pages != tt.pages || len(ids) != tt.all {
				t.Errorf("%d airstrips on %d pages, want %d on %d", len(ids), pages, tt.all, tt.pages)
			}
			if !slices.IsSorted(ids) || len(slices.Compact(ids)) != tt.all {
				t.Error("not in order, or some twice")
			}
		})
	}
}

func TestPageTokensAreBoundToTheirQuery(t *testing.T) {
	client := catalogClient(t)
	first, err := client.ListAirstrips(testContext(t), &canopyv1.ListAirstripsRequest{PageSize: 5})
	if err != nil {
		t.Fatal(err)
	}
	token := first.GetNextPageToken()
	if _, err := client.ListAirstrips(testContext(t), &canopyv1.ListAirstripsRequest{PageSize: 50, PageToken: token}); err != nil {
		t.Errorf("another page size: %v", err)
	}
	tests := []struct {
		name string
		req  *canopyv1.ListAirstripsRequest
	}{
		{"other statuses", &canopyv1.ListAirstripsRequest{PageToken: token, Statuses: []canopyv1.AirstripStatus{1}}},
		{"other airstrips", &canopyv1.ListAirstripsRequest{PageToken: token, Airstrips: &canopyv1.AirstripSelection{WithoutBuiltin: true}}},
		{"not a token", &canopyv1.ListAirstripsRequest{PageToken: "page 2, please"}},
		{"too short", &canopyv1.ListAirstripsRequest{PageToken: "AAAA"}},
		{"changed", &canopyv1.ListAirstripsRequest{PageToken: "A" + token}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := client.ListAirstrips(testContext(t), tt.req)
			wantStatus(t, err, codes.InvalidArgument, problem.ReasonPageTokenInvalid)
		})
	}
}
