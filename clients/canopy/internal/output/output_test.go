package output_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/canopyradar/canopy/clients/canopy/internal/fault"
	"github.com/canopyradar/canopy/clients/canopy/internal/output"
)

func say(text string) output.View {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

var views = output.Views{output.Table: say("table"), output.JSON: say("json"), output.GeoJSON: say("geojson")}

func TestWrite(t *testing.T) {
	tests := []struct {
		name, format, file, stdout, inFile string
	}{
		{"nothing said", "", "", "table", ""},
		{"a format", "json", "", "json", ""},
		{"a format in capitals", "JSON", "", "json", ""},
		{"a file by its ending", "", "gaps.geojson", "table", "geojson"},
		{"a file with another format", "json", "gaps.out", "table", "json"},
		{"a text file", "", "gaps.txt", "table", "table"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target := output.Target{Format: tt.format}
			if tt.file != "" {
				target.File = filepath.Join(t.TempDir(), tt.file)
			}
			if err := target.Check(output.Table, output.JSON, output.GeoJSON); err != nil {
				t.Fatal(err)
			}
			var stdout bytes.Buffer
			toFile, err := target.Write(&stdout, views)
			if err != nil || stdout.String() != tt.stdout || toFile != (tt.file != "") {
				t.Errorf("stdout %q, %v, %v", &stdout, toFile, err)
			}
			if tt.file != "" {
				if text, _ := os.ReadFile(target.File); string(text) != tt.inFile {
					t.Errorf("file %q", text)
				}
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	tests := []struct {
		name   string
		target output.Target
		want   string
	}{
		{"a format that is not offered", output.Target{Format: "kml"}, "-o kml is not offered here: want table, json, png"},
		{"an ending that tells nothing", output.Target{File: "gaps.dat"}, "its ending tells no format"},
		{"no such folder", output.Target{File: "/nowhere/gaps.json"}, "there is no folder /nowhere"},
		{"a picture on a terminal", output.Target{Format: "png", Terminal: true}, "-o png is not for a terminal: name a file: --out picture.png"},
		{"a folder", output.Target{File: os.TempDir(), Format: "json"}, "is a folder: name a file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.target.Check(output.Table, output.JSON, output.PNG)
			if err == nil || !strings.Contains(err.Error(), tt.want) || fault.Code(err) != fault.Usage {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestReplaceKeepsTheOldFileOnError(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "floor.tif")
	if err := output.Replace(path, say("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("cut off")
	err := output.Replace(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, "half"); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if text, _ := os.ReadFile(path); string(text) != "old" {
		t.Errorf("the file now holds %q", text)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 1 {
		t.Errorf("left over: %v", entries)
	}
}

func TestReplaceWritesToDevices(t *testing.T) {
	if err := output.Replace(os.DevNull, say("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Error("the device is gone")
	}
}

// Room is asked for where there are files, and is not what a file is long in the end.
func TestReserve(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	reserving := func(sizeB int64) output.View {
		return func(w io.Writer) error {
			if err := output.Reserve(w, sizeB); err != nil {
				return err
			}
			_, err := io.WriteString(w, "abc")
			return err
		}
	}
	if err := output.Replace(path, reserving(5000)); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); string(text) != "abc" {
		t.Errorf("%q, %v", text, err)
	}
	if err := output.Replace(os.DevNull, reserving(1<<62)); err != nil {
		t.Error(err)
	}
	if err := reserving(1 << 62)(io.Discard); err != nil {
		t.Error(err)
	}
	if runtime.GOOS == "linux" {
		if err := output.Replace(path, reserving(1<<62)); err == nil || !strings.Contains(err.Error(), filepath.Dir(path)+" (") {
			t.Errorf("no disk has so much room: %v", err)
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left over: %v", entries)
	}
}
