package gap

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopyradar/canopy/coverage/floor"
)

func anyFloor(t *rapid.T) floor.AGL { return floor.AGL(rapid.Uint16().Draw(t, "floor")) }

func TestTableCountsAsFloorsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want, got floors
		var some table
		for range rapid.IntRange(0, 3).Draw(t, "stretches") {
			above := rapid.SliceOfN(rapid.OneOf(rapid.Just(floor.Unseen), rapid.Custom(anyFloor)), 1, 50).Draw(t, "above")
			amsl := make([]int16, len(above))
			for i, a := range above {
				if amsl[i] = floor.NoAltitude; a != floor.Unseen {
					amsl[i] = rapid.Int16().Draw(t, "amsl")
				}
			}
			parts := rapid.Int64Range(1, 1<<30).Draw(t, "parts")
			want.add(above, amsl, parts)
			some.add(above, amsl, parts)
		}
		some.into(&got)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}
