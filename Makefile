# Canopy's chores. `make help` lists them; `make check` is what CI runs.
#
# Go and make suffice for build and test. The other tools are installed by
# themselves into .cache/tools, at the versions below; buf comes through npm
# where there is one, else it is compiled, which takes two minutes.
# Needed from the system: a C compiler for the race detector, shellcheck for
# lint, curl for smoke, python3 with venv for smoke, for the judge of plans and for
# the Python package (3.10 to 3.12 to generate its code), gdal-bin for bench-peers.
# With gdal-bin, tests compare with GDAL as well, and with python3-gdal they have it
# check floors; with chromium, they look at maps of the Python package in it; with
# systemd-analyze, lint looks at the unit in deploy/ as well. The image takes buildah,
# bubblewrap and ca-certificates, alerts promtool: what could not be checked says so.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Steps print in order, and two cores are busy with one.
.NOTPARALLEL:

# Everything is built as the image has it, so that it is compiled once: without C,
# and without the paths of this machine in it.
export CGO_ENABLED := 0
export GOFLAGS     := -trimpath

# The versions of all tools but those of the code generators, which go.mod has.
BUF_VERSION           := 1.75.0
GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION   := v1.9.0
GRPCURL_VERSION       := v1.9.4
BENCHSTAT_VERSION     := v0.0.0-20260908200009-22c9c6c9d4da
KUBECONFORM_VERSION   := v0.8.0
# 5.8.3 and later want Go 1.27.
KUSTOMIZE_VERSION     := v5.8.2
COMPOSE_VERSION       := v2.16.2

TOOLS         := .cache/tools
BUF           := $(TOOLS)/buf-$(BUF_VERSION)/buf
GOLANGCI_LINT := $(TOOLS)/golangci-lint-$(GOLANGCI_LINT_VERSION)/golangci-lint
GOVULNCHECK   := $(TOOLS)/govulncheck-$(GOVULNCHECK_VERSION)/govulncheck
GRPCURL       := $(TOOLS)/grpcurl-$(GRPCURL_VERSION)/grpcurl
BENCHSTAT     := $(TOOLS)/benchstat-$(BENCHSTAT_VERSION)/benchstat
KUBECONFORM   := $(TOOLS)/kubeconform-$(KUBECONFORM_VERSION)/kubeconform
KUSTOMIZE     := $(TOOLS)/kustomize-$(KUSTOMIZE_VERSION)/kustomize
COMPOSE       := $(TOOLS)/compose-$(COMPOSE_VERSION)/cmd

# The oldest compiler of Python code that has wheels for Python 3.12: what it
# writes runs with every protobuf from 4.25 on. It needs pkg_resources, which
# setuptools had until 81.
GRPCIO_TOOLS_VERSION := 1.59.5
GENERATOR := .cache/python-generate-$(GRPCIO_TOOLS_VERSION)
# Where the Python package is tested: with the newest packages, and with the
# oldest that it takes, on the oldest Python that is here.
PYTHON  := .cache/python
MINIMUM := .cache/python-minimum
# The solver that plans are held to. Tests look for it at this path.
HIGHSPY_VERSION := 1.15.1
NUMPY_VERSION   := 2.2.6
JUDGE := .cache/judge
# The schemas that manifests and bills of materials are held to.
KUBERNETES_VERSION := 1.37.0
CYCLONEDX_VERSION  := 11.12.0
SCHEMAS := .cache/schemas-$(KUBERNETES_VERSION)-$(CYCLONEDX_VERSION)

VERSION := $(shell sed -n 's/^const version = "\(.*\)"/\1/p' clients/canopy/main.go)

# What can be set: make fuzz FUZZTIME=10s, make accuracy SAMPLES=100000,
# make bench BENCH=Sweep OLD=v0.1.0, make bench-terrain ROUNDS=9,
# make bench-peers ROUNDS=5 SEED=2 SAMPLES=20000 NETWORK=1,
# make bench-load TERRAIN=./peru ROUNDS=5 BEFORE=./canopy-of-before,
# make bench-python TERRAIN=./peru, make soak SOAK_TIME=10m TERRAIN=./peru.
FUZZTIME ?= 60s
SAMPLES  ?= 20000
BENCH    ?= .
COUNT    ?= 6
OLD      ?=
ROUNDS   ?= 9
SEED     ?= 1
TERRAIN  ?=
BEFORE   ?=
SOAK_TIME ?= 10m

# The modules of their own, which ./... does not hold: they write assembly, and list
# licences.
MODULES := $(dir $(wildcard */*/*/go.mod)) deploy/licences/
SCRIPTS := $(filter-out $(shell grep -l '^#!.*python' .ci/*),$(wildcard .ci/* terrain/*/*.sh terrain/*/*/*.sh)) clients/python/generate deploy/container/tree

# say prints the heading of a step.
say = @printf '\n== %s\n'

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build the program into bin/canopy
	go build -o bin/canopy ./clients/canopy

.PHONY: test
test: ## Run the tests, without the slow ones
	go test -short ./...

.PHONY: test-race
test-race: ## Run the same tests under the race detector
	$(say) 'tests under the race detector, without the slow ones'
	CGO_ENABLED=1 go test -race -short -timeout 20m ./...

.PHONY: test-all
test-all: judge ## Run all tests: the slow ones compare with GDAL, with HiGHS and with the oracle on real terrain
	$(say) 'all tests'
	go test -timeout 20m ./...

.PHONY: judge
judge: $(JUDGE)/installed-$(HIGHSPY_VERSION) ## Install HiGHS, which judges plans in tests

.PHONY: check
check: VULN_OFFLINE := go-on
check: lint checkgenerate breaking smoke python python-minimum notebooks vuln sbom manifests alerts image test-race test-all ## Everything that CI runs

.PHONY: lint
lint: build $(BUF) $(GOLANGCI_LINT) ## Look for faults in Go, shell, proto and unit files
	$(say) 'gofmt, go.mod, go vet, golangci-lint'
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo 'run gofmt -w on these files' >&2; exit 1; }
	@go mod tidy -diff || { echo 'run go mod tidy' >&2; exit 1; }
	go vet ./...
	@for module in $(MODULES); do \
		go -C "$$module" mod tidy -diff || { echo "run go -C $$module mod tidy" >&2; exit 1; }; \
		go -C "$$module" vet ./...; \
	done
	GOARCH=arm64 go vet ./coverage/floor ./coverage/network # which have code for amd64
	$(GOLANGCI_LINT) run --allow-parallel-runners
	$(say) 'shellcheck, buf lint, buf format'
	shellcheck $(SCRIPTS)
	$(BUF) lint
	$(BUF) format --diff --exit-code
	$(say) 'systemd-analyze verify'
	@.ci/unit deploy/systemd/canopy.service
	@.ci/unit deploy/systemd/canopy-worker.service

.PHONY: generate
generate: $(BUF) $(GENERATOR)/installed ## Generate the Go and Python code of proto/, and the assembly of coverage/
	$(BUF) generate
	$(BUF) generate --template buf.gen.http.yaml
	$(generate-python) clients/python/src
	go generate ./...

.PHONY: checkgenerate
checkgenerate: $(BUF) $(GENERATOR)/installed ## Fail if what is generated is not that of its sources
	$(say) 'generated code'
	@fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; \
	$(BUF) generate --output "$$fresh"; \
	$(BUF) generate --template buf.gen.http.yaml --output "$$fresh"; \
	mkdir -p "$$fresh/clients/python/src"; $(generate-python) "$$fresh/clients/python/src"; \
	code=; for made in proto/canopy server/web/gateway server/web/openapi.swagger.json clients/python/src/canopy/v1; do \
		diff --recursive --brief --exclude='*.proto' --exclude=http.yaml --exclude='service_config.*' --exclude='__*__*' \
			"$$fresh/$$made" "$$made" || code=1; \
	done; \
	[[ -z $$code ]] || \
		{ echo 'the generated code is out of date: run make generate' >&2; exit 1; }
	@.ci/assembly || { echo 'the generated assembly is out of date: run make generate' >&2; exit 1; }

.PHONY: breaking
breaking: $(BUF) ## Fail if proto/ would break the clients of the last release
	$(say) 'breaking changes of the contract'
	$(BUF) breaking --against proto/baseline.binpb

.PHONY: proto-baseline
proto-baseline: $(BUF) ## Make proto/ the released contract (see buf.yaml)
	$(BUF) build --exclude-source-info --output proto/baseline.binpb

.PHONY: smoke
smoke: build $(GRPCURL) ## Run the real commands, alone and against a server
	$(say) 'smoke'
	GRPCURL=$(GRPCURL) .ci/smoke

.PHONY: python
python: build $(PYTHON)/installed ## Check and test the Python package
	$(say) 'ruff, mypy, tests of the Python package'
	cd clients/python && $(CURDIR)/$(PYTHON)/bin/ruff check && $(CURDIR)/$(PYTHON)/bin/ruff format --check
	cd clients/python && $(CURDIR)/$(PYTHON)/bin/mypy
	cd clients/python && $(CURDIR)/$(PYTHON)/bin/pytest -q --cov

.PHONY: python-minimum
python-minimum: build $(MINIMUM)/installed ## Test the Python package, as it is installed, with the oldest packages that it takes
	$(say) 'tests of the Python package with the oldest packages that it takes'
	$(MINIMUM)/bin/pip install -q --no-deps ./clients/python
	cd clients/python && $(CURDIR)/$(MINIMUM)/bin/pytest -q -W ignore::DeprecationWarning -W ignore::FutureWarning

.PHONY: notebooks
notebooks: build $(PYTHON)/installed ## Run the notebooks, and write what they show into .cache/notebooks
	$(say) 'notebooks'
	CANOPY_BINARY='$(CURDIR)/bin/canopy' $(PYTHON)/bin/python clients/python/notebooks/execute.py .cache/notebooks

.PHONY: bench-python
bench-python: build $(PYTHON)/installed ## Time many points from Python, on the terrain TERRAIN=file
	CANOPY_BINARY='$(CURDIR)/bin/canopy' $(PYTHON)/bin/python clients/python/bench.py $(TERRAIN)

.PHONY: vuln
vuln: $(GOVULNCHECK) ## Look for known vulnerabilities in what the code calls
	$(say) 'govulncheck'
	@VULN_OFFLINE=$(VULN_OFFLINE) .ci/vuln $(GOVULNCHECK)

.PHONY: image
image: build ## Build the image into .cache/image.tar, look into it and run it
	$(say) 'image'
	.ci/image .cache/image.tar '$(VERSION)'

.PHONY: manifests
manifests: export KUSTOMIZE := $(KUSTOMIZE)
manifests: export KUBECONFORM := $(KUBECONFORM)
manifests: export COMPOSE := $(COMPOSE)
manifests: export SCHEMAS := $(SCHEMAS)
manifests: export KUBERNETES_VERSION := $(KUBERNETES_VERSION)
manifests: build $(KUSTOMIZE) $(KUBECONFORM) $(COMPOSE) $(SCHEMAS)/installed ## Hold the manifests of deploy/ to their schemas, and to what these do not ask for
	$(say) 'manifests'
	.ci/manifests '$(VERSION)'

.PHONY: alerts
alerts: ## Test the alerts of deploy/prometheus
	$(say) 'alerts'
	.ci/alerts deploy/prometheus

.PHONY: licences
licences: ## Write the licences of what is in the program into deploy/THIRD_PARTY.md
	go -C deploy/licences build -o '$(CURDIR)/bin/licences' .
	bin/licences page >.cache/THIRD_PARTY.md
	mv .cache/THIRD_PARTY.md deploy/

.PHONY: sbom
sbom: build $(PYTHON)/installed $(SCHEMAS)/installed ## Write what Canopy is made of into .cache/sbom.json, and fail on licences that are not allowed
	$(say) 'licences, bill of materials'
	go -C deploy/licences test .
	go -C deploy/licences build -o '$(CURDIR)/bin/licences' .
	bin/licences page >.cache/THIRD_PARTY.md
	@diff --brief deploy/THIRD_PARTY.md .cache/ || { echo 'deploy/THIRD_PARTY.md is out of date: run make licences' >&2; exit 1; }
	$(PYTHON)/bin/python .ci/python-licences >.cache/python-licences
	bin/licences sbom '$(VERSION)' .cache/python-licences >.cache/sbom.json
	$(SCHEMAS)/bin/python .ci/valid-bill .cache/sbom.json

.PHONY: fuzz
fuzz: ## Fuzz every decoder, FUZZTIME=60s each
	.ci/fuzz $(FUZZTIME)

.PHONY: fuzz-server
fuzz-server: FUZZTIME = 10m
fuzz-server: ## Send a server messages, frames, JSON and paths that no client should, for FUZZTIME=10m
	go test ./server/trial/fuzz -v -count=1 -timeout 0 -args -lasting=$(FUZZTIME)

.PHONY: soak
soak: build ## Hold servers at saturation for SOAK_TIME=10m while they, workers and NATS are killed, disks fill, clients misbehave and clocks jump
	go build -o .cache/soak ./server/trial/soak
	.cache/soak -canopy bin/canopy -terrain '$(TERRAIN)' -lasting $(SOAK_TIME)

.PHONY: accuracy
accuracy: ## Hold the floor to its bounds against the oracle; SAMPLES=20000 posts a case
	go test ./coverage/floor -run '^TestAccuracy$$' -v -count=1 -timeout 60m -args -samples=$(SAMPLES)

.PHONY: bench
bench: $(BENCHSTAT) ## Run the benchmarks BENCH=regexp, COUNT=6 times; OLD=commit compares with that commit
	BENCHSTAT=$(BENCHSTAT) .ci/bench '$(BENCH)' $(COUNT) $(OLD)

.PHONY: bench-terrain
bench-terrain: build ## Compare the terrain store with cat and with GDAL, ROUNDS=9 times in turn
	go test ./terrain/store -run '^TestBenchTerrain$$' -v -count=1 -args -rounds=$(ROUNDS) -canopy='$(CURDIR)/bin/canopy'

.PHONY: bench-peers
bench-peers: ROUNDS = 5
bench-peers: build ## Compare floors with GDAL's and with a copy of the memory, ROUNDS=5 times in turn, on terrain of SEED=1
	go test ./coverage/floor -run '^TestBenchPeers$$' -v -count=1 -timeout 60m -args \
		-rounds=$(ROUNDS) -samples=$(SAMPLES) -seed=$(SEED) $(if $(NETWORK),-network) -canopy='$(CURDIR)/bin/canopy' -kept='$(CURDIR)/.cache'

.PHONY: bench-load
bench-load: ROUNDS = 5
bench-load: build ## Measure a server under load: small checks beside empty calls, and beside a country, on the terrain TERRAIN=path
	go build -o .cache/load ./server/trial/load
	.cache/load -canopy bin/canopy -terrain '$(TERRAIN)' -rounds $(ROUNDS) $(if $(BEFORE),-before '$(BEFORE)')

.PHONY: bench-workers
bench-workers: ROUNDS = 5
bench-workers: ## Compare two workers with one, ROUNDS=5 times in turn, on two processors
	go test ./server/queue -run '^TestBenchWorkers$$' -v -count=1 -timeout 60m -args -rounds=$(ROUNDS)

.PHONY: picture
picture: build ## Draw the pictures of the README again
	@mkdir -p .cache
	bin/canopy airspaces peru --out .cache/peru.geojson >/dev/null
	bin/canopy gaps --scenario four-modern --altitude 300m-agl,1000m-agl,3000m-agl --out .cache/gaps.geojson >/dev/null
	.ci/picture .cache/peru.geojson .cache/gaps.geojson >clients/canopy/gaps.svg
	bin/canopy airspaces amazon --out .cache/amazon.geojson >/dev/null
	bin/canopy plan --count 11 --airspace amazon --gap 0% --out .cache/plan.geojson >/dev/null
	bin/canopy gaps --sites .cache/plan.geojson --airspace amazon --altitude 1000m-agl,3000m-agl --out .cache/plan-gaps.geojson >/dev/null
	.ci/picture .cache/amazon.geojson .cache/plan-gaps.geojson .cache/plan.geojson >clients/canopy/plan.svg
	bin/canopy profile --scenario four-modern --from mazamari --to=-12.519,-73.829,3000m-amsl --out clients/canopy/profile.svg >/dev/null

.PHONY: cover
cover: ## Print the share of statements that the tests run, and write .cache/cover.html
	@mkdir -p .cache
	go test -short -coverpkg=./clients/...,./coverage/...,./server/...,./terrain/... -coverprofile=.cache/cover.out ./...
	go tool cover -html=.cache/cover.out -o .cache/cover.html
	go tool cover -func=.cache/cover.out | tail -1

.PHONY: clean
clean: ## Remove what was built and installed here
	rm -rf bin .cache

# Tools. A change of version is a change of path, and so installs anew.

$(TOOLS)/buf-%/buf:
	@mkdir -p $(@D)
	if command -v npm >/dev/null; then \
		npm install --prefix $(@D) --no-save --no-package-lock --loglevel=error @bufbuild/buf@$*; \
		ln -sf node_modules/.bin/buf $@; \
	else \
		GOBIN='$(CURDIR)/$(@D)' go install github.com/bufbuild/buf/cmd/buf@v$*; \
	fi

install = GOBIN='$(CURDIR)/$(@D)' go install

$(TOOLS)/golangci-lint-%/golangci-lint:
	$(install) github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$*

$(TOOLS)/govulncheck-%/govulncheck:
	$(install) golang.org/x/vuln/cmd/govulncheck@$*

$(TOOLS)/grpcurl-%/grpcurl:
	$(install) github.com/fullstorydev/grpcurl/cmd/grpcurl@$*

$(TOOLS)/benchstat-%/benchstat:
	$(install) golang.org/x/perf/cmd/benchstat@$*

$(TOOLS)/kubeconform-%/kubeconform:
	$(install) github.com/yannh/kubeconform/cmd/kubeconform@$*

$(TOOLS)/kustomize-%/kustomize:
	$(install) sigs.k8s.io/kustomize/kustomize/v5@$*

$(TOOLS)/compose-%/cmd:
	$(install) github.com/compose-spec/compose-go/v2/cmd@$*

# Environments of Python, each anew when what it is made of changes.

export PIP_DISABLE_PIP_VERSION_CHECK := 1

$(GENERATOR)/installed:
	"$$(.ci/oldest-python 3.10 3.11 3.12)" -m venv --clear $(@D)
	$(@D)/bin/pip install -q 'grpcio-tools==$(GRPCIO_TOOLS_VERSION)' 'setuptools<81'
	touch $@

generate-python = BUF='$(CURDIR)/$(BUF)' PYTHON='$(CURDIR)/$(GENERATOR)/bin/python' clients/python/generate

$(PYTHON)/installed: clients/python/pyproject.toml
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install -q -e './clients/python[dev]'
	touch $@

$(MINIMUM)/installed: clients/python/pyproject.toml clients/python/minimum.txt
	"$$(.ci/oldest-python 3.10 3.11)" -m venv --clear $(@D)
	$(@D)/bin/pip install -q -c clients/python/minimum.txt './clients/python[test]'
	touch $@

$(JUDGE)/installed-$(HIGHSPY_VERSION):
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install -q 'highspy==$(HIGHSPY_VERSION)' 'numpy==$(NUMPY_VERSION)'
	touch $@

$(SCHEMAS)/installed:
	python3 -m venv --clear $(@D)
	$(@D)/bin/pip install -q 'kubernetes-validate==$(KUBERNETES_VERSION)' 'cyclonedx-python-lib[json-validation]==$(CYCLONEDX_VERSION)'
	.ci/kubernetes-schemas $(@D)/lib/python3*/site-packages/kubernetes_validate/kubernetes-json-schema/v$(KUBERNETES_VERSION)-local-strict $(@D)/kubernetes
	touch $@
