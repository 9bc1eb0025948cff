package request

import (
	"slices"
	"testing"
)

func TestIdentify(t *testing.T) {
	tests := []struct {
		name  string
		all   []named
		ids   []string
		twice int
	}{
		{"none", nil, []string{}, 0},
		{"given ids stay as they are", []named{{id: "PEM 1"}, {id: "x"}}, []string{"PEM 1", "x"}, 0},
		{"names without accents", []named{{name: "Cerro Ñandú (N)"}}, []string{"cerro-nandu-n"}, 0},
		{"neither id nor name", []named{{id: "x"}, {}}, []string{"x", "radar-2"}, 0},
		{"a name of signs", []named{{name: "—"}}, []string{"radar-1"}, 0},
		{"the same name thrice", []named{{name: "a"}, {name: "A"}, {name: "a "}}, []string{"a", "a-2", "a-3"}, 0},
		{"a name like a later id", []named{{name: "a"}, {id: "a"}}, []string{"a-2", "a"}, 0},
		{"a name like a numbered one", []named{{name: "a"}, {name: "a"}, {name: "a 2"}}, []string{"a", "a-2", "a-2-2"}, 0},
		{"a name like a reserved id", []named{{name: "taken"}}, []string{"taken-2"}, 0},
		{"the same id twice", []named{{id: "a"}, {id: "b"}, {id: "a"}}, []string{"a", "b", ""}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ids, twice := identify(tt.all, "radar", func(id string) bool { return id == "taken" })
			if !slices.Equal(ids, tt.ids) || len(twice) != tt.twice {
				t.Errorf("ids = %q, %d twice, want %q, %d", ids, len(twice), tt.ids, tt.twice)
			}
		})
	}
}
