package server

// WithPlanner returns the configuration of a server that asks p.
func (c Config) WithPlanner(p planner) Config {
	c.planner = p
	return c
}
