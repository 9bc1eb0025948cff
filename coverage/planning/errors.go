package planning

// ConstraintError is returned where nothing can be planned within the constraints.
type ConstraintError struct {
	// Field is what stands in the way: candidates, max_count, budget_usd,
	// min_spacing_km or models.
	Field string
	// Reason says in one line what is wrong, with its value, and what to do.
	Reason string
}

func (e *ConstraintError) Error() string { return e.Field + ": " + e.Reason }
