package storetest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"
)

// victim names, in the environment, the place that a process writes to until it
// is killed.
const victim = "CANOPY_TEST_STORE_VICTIM"

// Main is for TestMain: it makes a process one that is to be killed, where it was
// started for that.
func Main(m *testing.M, open Open) {
	if place := os.Getenv(victim); place != "" {
		writeForEver(open, place)
	}
	os.Exit(m.Run())
}

const (
	victimThings = 5
	victimSizeB  = 2 << 20
)

func writeForEver(open Open, place string) {
	ctx := context.Background()
	s, err := open(ctx, place)
	if err != nil {
		panic(err)
	}
	fmt.Println("writing")
	for n := 0; ; n = (n + 1) % victimThings {
		if err := s.Put(ctx, name(n), bytes.NewReader(content(n, victimSizeB)), victimSizeB); err != nil {
			panic(err)
		}
		// Those that are kept already may be nothing to write.
		if err := s.Remove(ctx, name((n+3)%victimThings)); err != nil {
			panic(err)
		}
	}
}

// checkKilled kills processes that write to one place, two at a time, at moments
// that differ. Whatever they leave behind, what is got is whole.
func checkKilled(t *testing.T, open Open, place string) {
	rounds := 30
	if testing.Short() {
		rounds = 5
	}
	const seed = 1
	random := rand.New(rand.NewPCG(seed, 0))
	s, err := open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for range rounds {
		victims := []*exec.Cmd{startVictim(t, place), startVictim(t, place)}
		time.Sleep(time.Duration(random.IntN(100_000)) * time.Microsecond)
		for _, v := range victims {
			if err := v.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = v.Wait()
		}
		for n := range victimThings {
			b, err := read(t.Context(), s, name(n))
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				t.Fatalf("seed %d: thing %d: %v", seed, n, err)
			case !bytes.Equal(b, content(n, victimSizeB)):
				t.Fatalf("seed %d: thing %d is another, of %d bytes", seed, n, len(b))
			default:
				got++
			}
		}
	}
	if got == 0 {
		t.Error("nothing was written: the case is empty")
	}
	for n := range victimThings {
		if err := put(t.Context(), s, n, content(n, victimSizeB)); err != nil {
			t.Error(err)
		}
		if err := wantThere(t.Context(), s, n, content(n, victimSizeB)); err != nil {
			t.Errorf("after the killed: %v", err)
		}
	}
}

func startVictim(t *testing.T, place string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self) //nolint:gosec // which is this program
	cmd.Env = append(os.Environ(), victim+"="+place)
	cmd.Stderr = os.Stderr
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
