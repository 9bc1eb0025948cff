package shelf

import (
	"bufio"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/canopyradar/canopy/coverage/surfaces"
)

// victim makes, in the environment, a process one that writes to the directory
// that it is in until it is killed.
const victim = "CANOPY_TEST_VICTIM"

func TestMain(m *testing.M) {
	if os.Getenv(victim) != "" {
		writeForEver()
	}
	os.Exit(m.Run())
}

const (
	victimKeys = 5
	victimSide = 1000
)

func writeForEver() {
	s, err := Open(".", 1<<30, slog.Default())
	if err != nil {
		panic(err)
	}
	var all [victimKeys]surfaces.Stored
	for n := range all {
		all[n] = surface(n, victimSide, victimSide)
	}
	fmt.Println("writing")
	for n := 0; ; n = (n + 1) % victimKeys {
		s.Put(key(n), all[n])
	}
}

// TestKilled kills processes that write into one directory, two at a time, at
// moments that differ. Whatever they leave behind, what is taken is whole.
func TestKilled(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 5
	}
	const seed = 1
	random := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	taken, parts := 0, 0
	var want [victimKeys]surfaces.Stored
	for n := range want {
		want[n] = surface(n, victimSide, victimSide)
	}
	for range rounds {
		victims := []*exec.Cmd{startVictim(t, dir), startVictim(t, dir)}
		time.Sleep(time.Duration(random.IntN(60_000)) * time.Microsecond)
		for _, v := range victims {
			if err := v.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = v.Wait()
		}
		s, log := open(t, dir, 1<<30)
		for n := range victimKeys {
			got, ok := s.Take(key(n))
			if !ok {
				continue
			}
			taken++
			if got.Lattice != want[n].Lattice || !slices.Equal(got.Floor, want[n].Floor) {
				t.Fatalf("surface %d is another", n)
			}
		}
		if log.Len() > 0 {
			t.Errorf("a file under its last name was damaged: %s", log)
		}
		for _, name := range names(t, dir) {
			if strings.HasPrefix(name, partPrefix) {
				parts++
			}
		}
	}
	t.Logf("seed %d: %d surfaces taken, %d parts seen", seed, taken, parts)
	if taken == 0 || parts == 0 {
		t.Error("nobody was killed in the middle: the case is empty")
	}
}

func startVictim(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), victim+"=yes")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("%q, %v", line, err)
	}
	return cmd
}
