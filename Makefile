# Tenor's build. On a clean machine it needs Go, gcc, make and Node; every target
# fetches the rest itself.

TAGS := sqlite_fts5
BIN := bin/tenor
GO_FILES := $(shell git ls-files '*.go' 2>/dev/null)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
# Flags of go test, and which packages it runs on: those that take longest first, so
# that none of them is left to run alone at the end.
TESTFLAGS ?=
PKGS ?= ./web ./cmd/tenor ./crawler ./...

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

.PHONY: demo
demo: build ## collect an invented newsroom and open the web view on it
	$(BIN) demo

.PHONY: build
build: chart ## build bin/tenor, with the chart where npm is at hand
	CGO_ENABLED=1 go build -trimpath -ldflags="-s -w" -tags $(TAGS) -o $(BIN) ./cmd/tenor

# The chart's bundle. Without npm the binary shows the same data as a table.
CHART_FILES := $(wildcard web/chart/src/*) web/chart/package.json web/chart/package-lock.json web/build/main.go
.PHONY: chart
chart: web/dist/chart.js ## bundle the chart

web/dist/chart.js: $(CHART_FILES)
	@if command -v npm >/dev/null; then \
		npm ci --prefix web/chart --no-progress --loglevel=error && go run ./web/build; \
	else \
		echo "npm is not installed, so the chart is left out; its data is shown as a table."; \
	fi

.PHONY: test
test: chart chromium ## run all tests
	go test -tags $(TAGS) $(TESTFLAGS) $(PKGS)

# The tests of the pages run in Debian's Chromium; elsewhere any Chromium on the
# path will do, and without one those tests are skipped.
.PHONY: chromium
chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium for the browser tests."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; \
	else \
		echo "No Chromium here, so the browser tests will be skipped; install the package chromium to run them."; \
	fi

.PHONY: check
check: fmt vet staticcheck vuln ## everything that must be green: format, vet, staticcheck, known holes, tests
	$(MAKE) test TESTFLAGS="-race -shuffle=on -vet=off $(TESTFLAGS)"

.PHONY: fmt
fmt:
	@bad=$$(gofmt -l $(GO_FILES)); if [ -n "$$bad" ]; then echo "Not formatted; run gofmt -w on:"; echo "$$bad"; exit 1; fi

# With -race, vet and staticcheck read the packages that the tests of make check are
# linked from, and SQLite is compiled once, not twice. staticcheck itself needs none.
.PHONY: vet
vet: chart
	go vet -race -tags $(TAGS) ./...

.PHONY: staticcheck
staticcheck: chart
	GOFLAGS="$$(go env GOFLAGS) -race" go run -race=false $(STATICCHECK) -tags $(TAGS) ./...

# The list of known holes is asked for over the network; where it cannot be
# reached that is said, and nothing fails. curl, where it is, knows that before
# govulncheck is built.
VULNDB := $(or $(GOVULNDB),https://vuln.go.dev)
.PHONY: vuln
vuln: chart
	@case $(VULNDB) in http*) if command -v curl >/dev/null && ! curl -sfL -m 20 -o /dev/null $(VULNDB)/index/modules.json.gz; then \
		echo "govulncheck: skipped, its list cannot be reached."; exit 0; fi;; esac; \
	out=$$(timeout 120 go run $(GOVULNCHECK) -tags $(TAGS) ./... 2>&1); code=$$?; \
	if [ $$code = 0 ]; then echo "govulncheck: no known hole is called."; \
	elif [ $$code = 3 ]; then echo "$$out"; exit 1; \
	else echo "govulncheck: skipped, its list cannot be reached."; fi

# Of the demo's newsroom, as on the day after its last article.
SHOTS := go test -tags $(TAGS) -count=1 -timeout 30m -run '^TestScreenshots$$' ./web -shots-db ../screenshots/demo.db
.PHONY: screenshots
screenshots: build chromium ## take every page, wide and narrow, light and dark, into screenshots/
	mkdir -p screenshots && rm -f screenshots/demo.db && $(BIN) demo --db screenshots/demo.db --no-serve
	$(SHOTS) -screenshots ../screenshots

.PHONY: docs-screenshots
docs-screenshots: build chromium ## take the pictures of the README into docs/
	mkdir -p screenshots docs && rm -f screenshots/demo.db && $(BIN) demo --db screenshots/demo.db --no-serve
	$(SHOTS) -screenshots ../docs -shots docs

.PHONY: bench
bench: ## run the benchmarks, with allocations
	go test -tags $(TAGS) -run '^$$' -bench . -benchmem $(TESTFLAGS) $(PKGS)

.PHONY: bench-crawl
bench-crawl: ## crawl loopback sites: pages a second, beside net/http + goquery and with everything on; cancelling
	go test -tags $(TAGS) -run '^$$' -bench '^BenchmarkCrawl' -benchtime 3x $(TESTFLAGS) ./crawler ./cmd/tenor

# A decade of invented news, 1.5 GB of it at the full size; QUOTES=10000,100000 is quick.
QUOTES ?= 10000,100000,1000000
.PHONY: bench-store
bench-store: ## fill stores of 10,000 to a million invented quotes, and time search, facets, series, export, readers beside an ingest
	go test -tags $(TAGS) -count=1 -timeout 2h -run '^TestScale$$' -v $(TESTFLAGS) ./store -scale $(QUOTES)

.PHONY: bench-web
bench-web: chart ## time every page on such stores, which are made in bench/ the first time
	mkdir -p bench
	go test -tags $(TAGS) -count=1 -timeout 2h -run '^TestScale$$' ./store -scale $(QUOTES) -scale-dir ../bench -scale-fill
	@for n in $$(echo $(QUOTES) | tr , ' '); do echo "$$n quotes"; \
		go test -tags $(TAGS) -timeout 1h -run '^$$' -bench '^BenchmarkEveryPage$$' -benchtime 40x $(TESTFLAGS) ./web -db ../bench/$$n.db || exit 1; done

# The weights come out the same, byte for byte, from the data beside the
# repository and the quotes in it.
ATTRIBUTION := -polnear ../shared/gold/polnear/train.articles.jsonl.gz \
	-newswire nlp/train/attribution/newswire.jsonl nlp/train/attribution/passages
MEANING := -sentences ../shared/data/stance_silver.jsonl -quotes nlp/train/quotes \
	-passages nlp/train/attribution/passages -stories nlp/train/labels/newswire.jsonl
NEWSWIRE := xz -dc ../shared/data/newswire.txt.xz

.PHONY: train
train: ## learn the weights of the models anew (needs ../shared and xz)
	$(NEWSWIRE) | go run ./nlp/train stance -o nlp/model/stance.txt $(MEANING)
	$(NEWSWIRE) | go run ./nlp/train topics -o nlp/model/topics.txt $(MEANING)
	$(NEWSWIRE) | go run ./nlp/train attribution -o nlp/model/attribution.txt $(ATTRIBUTION)
	cd nlp/model && sha256sum *.txt > SHA256SUMS

.PHONY: validate
validate: ## cross-validate the models (needs ../shared and xz)
	$(NEWSWIRE) | go run ./nlp/train stance -folds 5 $(MEANING)
	$(NEWSWIRE) | go run ./nlp/train topics -folds 5 $(MEANING)
	$(NEWSWIRE) | go run ./nlp/train attribution -folds 3 $(ATTRIBUTION)

# What /about says of the tagger; train it first, then this.
GOLD := ../shared/gold/seeds.jsonl ../shared/gold/reuters.jsonl ../shared/gold/patterns/patterns.jsonl
.PHONY: accuracy
accuracy: ## measure the tagger on the labelled sets for the page /about (needs ../shared)
	go run -tags $(TAGS) ./cmd/tenor eval $(GOLD) --format json > nlp/score/accuracy.json.new
	mv nlp/score/accuracy.json.new nlp/score/accuracy.json

.PHONY: clean
clean: ## remove what was built
	rm -rf bin web/chart/node_modules web/dist/*.js web/dist/*.css
