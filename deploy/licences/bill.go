package main

import (
	"io"

	"github.com/CycloneDX/cyclonedx-go"
)

// writeBill writes the bill of materials for programs: what the program of the
// given version contains, and what the Python package needs, marked as no part of
// it.
func writeBill(to io.Writer, version string, modules, packages []component) error {
	bill := cyclonedx.NewBOM()
	bill.Metadata = &cyclonedx.Metadata{Component: &cyclonedx.Component{
		BOMRef: "canopy", Type: cyclonedx.ComponentTypeApplication, Name: "canopy", Version: version,
		PackageURL: "pkg:golang/github.com/canopyradar/canopy@" + version,
		Licenses:   &cyclonedx.Licenses{{License: &cyclonedx.License{ID: "Apache-2.0"}}},
	}}
	var components []cyclonedx.Component
	for _, c := range modules {
		components = append(components, entry(c, cyclonedx.ScopeRequired))
	}
	for _, c := range packages {
		components = append(components, entry(c, cyclonedx.ScopeExcluded))
	}
	bill.Components = &components
	encoder := cyclonedx.NewBOMEncoder(to, cyclonedx.BOMFileFormatJSON)
	return encoder.SetPretty(true).Encode(bill)
}

func entry(c component, scope cyclonedx.Scope) cyclonedx.Component {
	var licences cyclonedx.Licenses
	for _, l := range c.licences {
		licences = append(licences, cyclonedx.LicenseChoice{License: &cyclonedx.License{ID: l}})
	}
	return cyclonedx.Component{
		BOMRef: c.purl, Type: cyclonedx.ComponentTypeLibrary, Name: c.name, Version: c.version, PackageURL: c.purl,
		Scope: scope, Licenses: &licences,
	}
}
