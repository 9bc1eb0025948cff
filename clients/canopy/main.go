// Command canopy says where an aircraft can fly unseen by radars, how low,
// and why.
package main

import (
	"os"

	"github.com/canopyradar/canopy/clients/canopy/internal/command"
)

// version is that of the program and of the engine in it.
const version = "0.1.0"

func main() { os.Exit(command.Main(version)) }
