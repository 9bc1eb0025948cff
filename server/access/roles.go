package access

import (
	"fmt"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	reflectionv1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"

	canopyv1 "github.com/canopyradar/canopy/proto/canopy/v1"
)

// Role is what a caller may do; each includes those before it.
type Role int

// The roles. Nobody is that of callers who are not known. Administer is needed for
// metrics and profiles, which package admin has, and for methods that the table
// below does not have.
const (
	Nobody Role = iota
	Read
	Compute
	Administer
)

var roleNames = [...]string{"nobody", "read", "compute", "administer"}

func (r Role) String() string { return roleNames[r] }

// ParseRole reads the role of a token; Nobody with an error for what is none.
func ParseRole(text string) (Role, error) {
	for r := Read; r <= Administer; r++ {
		if roleNames[r] == text {
			return r, nil
		}
	}
	return Nobody, fmt.Errorf("role %q: want read, compute or administer", text)
}

// roles has all methods of the contract.
var roles = map[string]Role{
	healthv1.Health_Check_FullMethodName: Nobody,
	healthv1.Health_List_FullMethodName:  Nobody,
	healthv1.Health_Watch_FullMethodName: Nobody,

	reflectionv1.ServerReflection_ServerReflectionInfo_FullMethodName:      Read,
	reflectionv1alpha.ServerReflection_ServerReflectionInfo_FullMethodName: Read,

	canopyv1.CatalogService_ListRadarModels_FullMethodName:      Read,
	canopyv1.CatalogService_ListScenarios_FullMethodName:        Read,
	canopyv1.CatalogService_GetScenario_FullMethodName:          Read,
	canopyv1.CatalogService_ListAirspaces_FullMethodName:        Read,
	canopyv1.CatalogService_GetAirspace_FullMethodName:          Read,
	canopyv1.CatalogService_ListAirstrips_FullMethodName:        Read,
	canopyv1.CatalogService_FindNearestAirstrips_FullMethodName: Read,
	canopyv1.CatalogService_FindAirstripsWithin_FullMethodName:  Read,

	canopyv1.TerrainService_GetTerrain_FullMethodName:        Read,
	canopyv1.TerrainService_GetElevations_FullMethodName:     Read,
	canopyv1.TerrainService_GetElevationGrid_FullMethodName:  Read,
	canopyv1.TerrainService_GetTerrainProfile_FullMethodName: Read,
	canopyv1.TerrainService_GetTerrainExtent_FullMethodName:  Read,

	canopyv1.CoverageService_FindGaps_FullMethodName:        Compute,
	canopyv1.CoverageService_CheckPoints_FullMethodName:     Compute,
	canopyv1.CoverageService_GetProfile_FullMethodName:      Compute,
	canopyv1.CoverageService_AssessAirstrips_FullMethodName: Compute,
	canopyv1.CoverageService_ExportFloor_FullMethodName:     Compute,
	canopyv1.CoverageService_WatchProgress_FullMethodName:   Read,

	canopyv1.SitingService_PlanNetwork_FullMethodName:       Compute,
	canopyv1.SitingService_FindCandidates_FullMethodName:    Compute,
	canopyv1.SitingService_SuggestSites_FullMethodName:      Compute,
	canopyv1.SitingService_AssessCriticality_FullMethodName: Compute,

	longrunningpb.Operations_ListOperations_FullMethodName:  Read,
	longrunningpb.Operations_GetOperation_FullMethodName:    Read,
	longrunningpb.Operations_WaitOperation_FullMethodName:   Read,
	longrunningpb.Operations_CancelOperation_FullMethodName: Compute,
	longrunningpb.Operations_DeleteOperation_FullMethodName: Compute,
}

// RoleFor returns the role that a method needs.
func RoleFor(method string) Role {
	role, known := roles[method]
	if !known {
		return Administer
	}
	return role
}

// Knows tells whether the table has a method.
func Knows(method string) bool {
	_, known := roles[method]
	return known
}
