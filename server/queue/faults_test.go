package queue_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/canopyradar/canopy/coverage"
	"github.com/canopyradar/canopy/coverage/executortest"
	"github.com/canopyradar/canopy/server/problem"
	"github.com/canopyradar/canopy/server/queue"
	"github.com/canopyradar/canopy/server/store"
	"github.com/canopyradar/canopy/terrain"
)

// soon is longer than anything here takes that does not hang.
const soon = time.Minute

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for begun := time.Now(); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > soon {
			t.Fatal("never: " + what)
		}
	}
}

// tasks is how many the sightings of the suite are: 34 radars in batches of 4.
const tasks = 9

func (p *place) js() jetstream.JetStream {
	p.t.Helper()
	js, err := jetstream.New(p.connect())
	if err != nil {
		p.t.Fatal(err)
	}
	return js
}

// lies counts the messages of a stream.
func (p *place) lies(stream string) uint64 {
	p.t.Helper()
	s, err := p.js().Stream(p.t.Context(), stream)
	if err != nil {
		p.t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

// begun counts how often each task was begun, by what the workers' logs say.
func begun(logs string) (times map[string]int, sum int) {
	times = map[string]int{}
	for _, found := range regexp.MustCompile(`msg="task begun" task="task ([0-9a-f]{12})`).FindAllStringSubmatch(logs, -1) {
		times[found[1]]++
		sum++
	}
	return times, sum
}

func (p *place) begun() (times map[string]int, sum int) {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	return begun(p.log.b.String())
}

// damage changes a byte of all files of some names.
func (p *place) damage(pattern string, at int) {
	p.t.Helper()
	paths, err := filepath.Glob(filepath.Join(p.dir, pattern))
	if err != nil || len(paths) == 0 {
		p.t.Fatalf("%v: no %s", err, pattern)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			p.t.Fatal(err)
		}
		content[at] ^= 1
		if err := os.WriteFile(path, content, 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
}

// A task that no worker can do is set aside, and who waits is told why.
func TestPoison(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	stop := p.work(broken())
	_, err := executortest.Sightings(t.Context(), p.engine())
	var aside *problem.TaskError
	if !errors.As(err, &aside) || !strings.Contains(aside.Cause, errBroken.Error()) || !strings.Contains(err.Error(), "begun 3 times") {
		t.Fatalf("error %v, want a TaskError that says what broke", err)
	}
	if p.lies("CANOPY_ASIDE") == 0 {
		t.Error("nothing is set aside")
	}
	eventually(t, "what was not set aside is taken back", func() bool { return p.lies("CANOPY_TASKS") == 0 })
	times, _ := p.begun()
	for task, n := range times {
		if n > 3 {
			t.Errorf("task %s was begun %d times", task, n)
		}
	}
	// It can be asked for again, once workers are well.
	stop()
	p.work(executortest.Terrain())
	got, err := executortest.Sightings(t.Context(), p.engine())
	checkSightings(t, want, got, err)
}

// A worker that is hit by a panic of a task is well for others.
func TestPanics(t *testing.T) {
	p := newPlace(t)
	p.work(&watched{Model: executortest.Terrain(), before: func(context.Context) error { panic("what a task") }})
	_, err := executortest.Sightings(t.Context(), p.engine())
	var aside *problem.TaskError
	if !errors.As(err, &aside) || !strings.Contains(aside.Cause, "what a task") {
		t.Fatalf("error %v, want a TaskError with the panic", err)
	}
}

// held is terrain whose readers wait until their context ends.
func held() *watched {
	return &watched{Model: executortest.Terrain(), before: func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}}
}

// What nobody waits for any more is taken back within a second: from the queue, and
// from the worker that has begun it, which then works for others.
func TestCancel(t *testing.T) {
	p := newPlace(t)
	slow := held()
	p.work(slow)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	engine := p.engine()
	go func() {
		_, err := executortest.Sightings(ctx, engine)
		ended <- err
	}()
	eventually(t, "a worker begins", func() bool { return slow.reads.Load() > 0 })
	cancelled := time.Now()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context canceled", err)
	}
	eventually(t, "the worker stops", func() bool { return p.log.has("outcome=unwanted") })
	if took := time.Since(cancelled); took > time.Second {
		t.Errorf("the worker went on for %v", took)
	}
	eventually(t, "the queue is empty", func() bool { return p.lies("CANOPY_TASKS") == 0 })
}

// What two servers want goes on when one of them does not any more.
func TestCancelOfOneOfTwo(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	slow := held()
	stop := p.work(slow)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	impatient, patient := p.engine(), p.engine()
	var asking sync.WaitGroup
	defer asking.Wait()
	asking.Go(func() { _, _ = executortest.Sightings(ctx, impatient) })
	eventually(t, "a worker begins", func() bool { return slow.reads.Load() > 0 })
	asking.Go(func() {
		got, err := executortest.Sightings(t.Context(), patient)
		if err == nil {
			for i := range want {
				if fmt.Sprint(want[i]) != fmt.Sprint(got[i]) {
					err = fmt.Errorf("radar %d sees %x, want %x", i, got[i], want[i])
				}
			}
		}
		if err != nil {
			t.Error(err)
		}
	})
	time.Sleep(100 * time.Millisecond) // until the second waits as well
	cancel()
	eventually(t, "the worker stops", func() bool { return p.log.has("outcome=unwanted") })
	p.work(executortest.Terrain())
	stop()
}

// Requests that want the same have it done once: of one server, and of two.
func TestSharing(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	one, two := p.engine(), p.engine()
	var asking sync.WaitGroup
	for _, e := range []*coverage.Engine{one, one, two} {
		asking.Go(func() {
			got, err := executortest.Sightings(t.Context(), e)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("error %v, or another answer", err)
			}
		})
	}
	eventually(t, "all tasks lie in the queue", func() bool { return p.lies("CANOPY_TASKS") == tasks })
	time.Sleep(100 * time.Millisecond) // until all three wait
	p.work(executortest.Terrain())
	asking.Wait()
	if times, sum := p.begun(); len(times) != tasks || sum != tasks {
		t.Errorf("%d tasks were begun %d times, want %d, once each", len(times), sum, tasks)
	}
}

// other is another model of the same posts.
type other struct {
	terrain.Model
	identity string
}

func (o other) Info() terrain.Info {
	info := o.Model.Info()
	info.Identity = o.identity
	return info
}

// Workers on other terrain get no task, and one that says it has the same but has
// not is refused.
func TestOtherTerrain(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	p.work(other{executortest.Terrain(), "another"})
	liar := other{executortest.Terrain(), "a lie"}
	q := p.join(identity)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	working.Go(func() { q.Work(ctx, &coverage.Engine{Terrain: liar}, 0) })
	_, err := executortest.Sightings(t.Context(), p.engine())
	var refused *problem.TaskError
	if !errors.As(err, &refused) || !strings.Contains(refused.What, "refused") {
		t.Fatalf("error %v, want a TaskError that says so", err)
	}
	cancel()
	working.Wait()
	p.work(executortest.Terrain())
	got, err := executortest.Sightings(t.Context(), p.engine())
	checkSightings(t, want, got, err)
}

// Who waits goes on when NATS is back, whether it has kept its disk or lost it.
func TestLostNATS(t *testing.T) {
	for _, tt := range []struct{ diskLost, bucket bool }{{}, {diskLost: true}, {bucket: true}, {diskLost: true, bucket: true}} {
		t.Run(fmt.Sprintf("%+v", tt), func(t *testing.T) {
			p := newPlace(t)
			p.bucket = tt.bucket
			want := alone(t)
			gate, open := context.WithCancel(t.Context())
			slow := &watched{Model: executortest.Terrain(), before: func(context.Context) error {
				<-gate.Done()
				return nil
			}}
			p.work(slow)
			defer open()
			engine := p.engine()
			var got [][]uint64
			var err error
			var asking sync.WaitGroup
			asking.Go(func() { got, err = executortest.Sightings(t.Context(), engine) })
			eventually(t, "a worker begins", func() bool { return slow.reads.Load() > 0 })
			p.server.Shutdown()
			open()
			time.Sleep(lease / 2)
			if tt.diskLost {
				p.nats.Dir = t.TempDir()
			}
			p.serve()
			asking.Wait()
			checkSightings(t, want, got, err)
		})
	}
}

// A worker that is stopped while its lease ends does its task beside another, which
// does no harm.
func TestDuplicateDelivery(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	gate, open := context.WithCancel(t.Context())
	defer open()
	slow := &watched{Model: executortest.Terrain(), before: func(context.Context) error {
		<-gate.Done()
		return nil
	}}
	// Its messages go nowhere, as if the process were stopped.
	dumb, err := queue.Open(t.Context(), queue.Config{
		Conn: p.connect(), Store: p.store(), Terrain: identity, Logger: p.logger(), Lease: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dumb.Close)
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	engine := p.engine() // which sets the lease of all to what it is
	working.Go(func() { dumb.Work(ctx, &coverage.Engine{Terrain: slow}, soon) })
	var got [][]uint64
	var asking sync.WaitGroup
	asking.Go(func() { got, err = executortest.Sightings(t.Context(), engine) })
	eventually(t, "the slow one begins", func() bool { return slow.reads.Load() > 0 })
	p.work(executortest.Terrain())
	asking.Wait()
	checkSightings(t, want, got, err)
	open()
	eventually(t, "the slow one ends, too", func() bool {
		_, sum := p.begun()
		return sum == tasks+1 && p.lies("CANOPY_TASKS") == 0
	})
	got, err = executortest.Sightings(t.Context(), p.engine())
	checkSightings(t, want, got, err)
}

// A worker that has to go gives back what it cannot end, and that counts as no
// failure.
func TestGivingBack(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	engine := p.engine()
	var got [][]uint64
	var err error
	var asking sync.WaitGroup
	asking.Go(func() { got, err = executortest.Sightings(t.Context(), engine) })
	for range 5 {
		slow := held()
		stop := p.work(slow)
		eventually(t, "a worker begins", func() bool { return slow.reads.Load() > 0 })
		stop()
	}
	p.work(executortest.Terrain())
	asking.Wait()
	checkSightings(t, want, got, err)
}

// With nobody to work, who watches is told so.
func TestWaitingIsSaid(t *testing.T) {
	p := newPlace(t)
	engine := p.engine()
	said := make(chan struct{})
	var once sync.Once
	ctx, cancel := context.WithCancel(coverage.WithProgress(t.Context(), func(_ float64, doing string) {
		if doing == "waiting for a worker" {
			once.Do(func() { close(said) })
		}
	}))
	defer cancel()
	var asking sync.WaitGroup
	defer asking.Wait()
	defer cancel()
	asking.Go(func() { _, _ = executortest.Sightings(ctx, engine) })
	select {
	case <-said:
	case <-time.After(soon):
		t.Error("nobody is told that no worker is there")
	}
}

// victimEnv has this program be a worker of the server at an address.
const victimEnv = "CANOPY_QUEUE_TEST_VICTIM"

// workAsVictim works, slowly, until it is killed.
func workAsVictim(address, dir string) {
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	slow := &watched{Model: executortest.Terrain(), before: func(context.Context) error {
		time.Sleep(300 * time.Millisecond)
		return nil
	}}
	q := joinAsProcess(address, dir, identity, logger)
	q.Work(context.Background(), &coverage.Engine{Terrain: slow, Workers: 1}, 0)
}

// joinAsProcess joins the queue of the process that started this one.
func joinAsProcess(address, dir, identity string, logger *slog.Logger) *queue.Queue {
	conn, err := queue.Connect("nats://"+address, queue.Access{}, logger)
	if err != nil {
		panic(err)
	}
	d, err := store.OpenDirectory(dir, store.DefaultLimitB)
	if err != nil {
		panic(err)
	}
	q, err := queue.Open(context.Background(), queue.Config{Conn: conn, Store: d, Terrain: identity, Logger: logger, Lease: lease})
	if err != nil {
		panic(err)
	}
	return q
}

// victim starts a worker in a process of its own, and returns its log.
func (p *place) victim() (cmd *exec.Cmd, log *lockedLog) {
	p.t.Helper()
	log = &lockedLog{}
	cmd = exec.CommandContext(p.t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+p.nats.Address, victimEnv+"_STORE="+p.dir)
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd, log
}

// When a worker is killed, what it had begun is done again, and nothing else.
func TestKilled(t *testing.T) {
	p := newPlace(t)
	want := alone(t)
	engine := p.engine()
	killed, killedLog := p.victim()
	_, otherLog := p.victim()
	var got [][]uint64
	var err error
	var asking sync.WaitGroup
	asking.Go(func() { got, err = executortest.Sightings(t.Context(), engine) })
	eventually(t, "the victim is in the middle of a task", func() bool { return killedLog.has("task begun") })
	time.Sleep(100 * time.Millisecond)
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.Wait()
	asking.Wait()
	checkSightings(t, want, got, err)
	logs := killedLog.b.String()
	otherLog.mu.Lock()
	logs += otherLog.b.String()
	otherLog.mu.Unlock()
	ended := strings.Count(killedLog.b.String(), `msg="task ended"`)
	_, begunByKilled := begun(killedLog.b.String())
	times, sum := begun(logs)
	if again := begunByKilled - ended; len(times) != tasks || sum != tasks+again || again != 1 {
		t.Errorf("%d tasks were begun %d times, and %d were begun and not ended by the one that was killed: want %d tasks, that one twice", len(times), sum, again, tasks)
	}
}
