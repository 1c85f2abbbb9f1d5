package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"tenor"
)

// apiRoute is an address under /api/v1 with what the OpenAPI document says of it. What is
// in no route is not served, and what is served is described.
type apiRoute struct {
	path    string // under /api/v1
	id      string
	summary string
	filters bool     // takes those of tenor.Params
	params  []string // what else it takes; those that stand in its path need not be named
	answer  string   // schema of the answer
	handler handler
}

func (v *view) apiRoutes() []apiRoute {
	return []apiRoute{
		{"/quotes", "listQuotes", "A page of the quotes that match, newest first; next leads on, without an end but the last quote", true, []string{"cursor", "limit"}, "QuotePage", v.apiQuotes},
		{"/quotes/{id}", "getQuote", "One quote", false, nil, "Quote", v.apiQuote},
		{"/quotes/{id}/explanation", "explainQuote", "Why today’s tagger gives a quote its labels", false, nil, "Explanation", v.apiExplanation},
		{"/facets", "countQuotes", "How many quotes match, and how they spread", true, nil, "FacetCounts", v.apiFacets},
		{"/timeline", "getTimeline", "The consensus day by day, and the views that make it", true, nil, "Timeline", v.apiTimeline},
		{"/voices", "listVoices", "The votes that count on a day", true, []string{"day"}, "Voices", v.apiVoices},
		{"/moved", "explainMove", "Who moved the net between two days", true, []string{"moved"}, "Move", v.apiMoved},
		{"/overlay", "getOverlay", "The price series and events of the user’s own CSV", false, nil, "Overlay", v.apiOverlay},
		{"/articles/{id}", "getArticle", "An article with its quotes", false, nil, "Article", v.apiArticle},
		{"/analysts/{name}", "getAnalyst", "Whoever speaks under this name, with all views", false, nil, "Profile", v.apiAnalyst},
		{"/firms/{name}", "getFirm", "A firm, with all views of its people", false, nil, "Profile", v.apiFirm},
		{"/sources", "listSources", "How each source fares", false, nil, "Sources", v.apiSources},
		{"/searches", "listSearches", "The saved searches", false, nil, "Searches", v.apiSearches},
		{"/searches/{name}", "getSearch", "A saved search", false, nil, "Search", v.apiSearch},
		{"/dictionary", "getDictionary", "What every column of the exports holds", false, nil, "Dictionary", v.dictionaryJSON},
		{"/openapi.json", "getDocument", "This document", false, nil, "Document", v.openAPI},
	}
}

//go:embed openapi.json
var openAPIFile []byte

// object is a JSON object of the document.
type object = map[string]any

// openAPI is /api/v1/openapi.json: openapi.json with the paths of apiRoutes, and the
// schemas of quotes and points out of the data dictionary.
func (v *view) openAPI(w http.ResponseWriter, r *http.Request) error {
	if err := takesNothing(r); err != nil {
		return err
	}
	var document struct {
		OpenAPI    string `json:"openapi"`
		Info       object `json:"info"`
		Servers    any    `json:"servers"`
		Security   any    `json:"security"`
		Paths      object `json:"paths"`
		Components struct {
			SecuritySchemes object `json:"securitySchemes"`
			Parameters      object `json:"parameters"`
			Schemas         object `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(openAPIFile, &document); err != nil {
		return fmt.Errorf("openapi.json: %w", err)
	}
	document.Components.Schemas["Quote"] = schemaOf(tenor.DictionaryOf("json", v.topics), false)
	document.Components.Schemas["Point"] = schemaOf(tenor.DictionaryOf("timeline", v.topics), true)
	document.Components.Parameters = v.parameters()
	document.Paths = object{}
	for _, route := range v.apiRoutes() {
		document.Paths[route.path] = object{"get": v.operation(route)}
	}
	writeJSON(w, http.StatusOK, document)
	return nil
}

func (v *view) operation(route apiRoute) object {
	ref := func(kind, name string) object { return object{"$ref": "#/components/" + kind + "/" + name} }
	answer := func(description, mediaType, schema string) object {
		return object{"description": description, "content": object{mediaType: object{"schema": ref("schemas", schema)}}}
	}
	params := []object{}
	for _, part := range strings.Split(route.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			params = append(params, object{"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	if route.filters {
		for _, p := range tenor.Params(v.topics) {
			params = append(params, ref("parameters", p.Name))
		}
	}
	for _, name := range route.params {
		params = append(params, ref("parameters", name))
	}
	return object{
		"operationId": route.id, "summary": route.summary, "parameters": params,
		"responses": object{
			"200":     answer("What was asked for", "application/json", route.answer),
			"default": answer("Why it was not given", "application/problem+json", "Problem"),
		},
	}
}

// parameters are all that stand in queries, by name.
func (v *view) parameters() object {
	all := object{
		"cursor": object{"name": "cursor", "in": "query", "description": "next of the page before", "schema": object{"type": "string"}},
		"limit":  object{"name": "limit", "in": "query", "description": "quotes of a page", "schema": object{"type": "integer", "minimum": 1, "maximum": maxLimit, "default": defaultLimit}},
		"day":    object{"name": "day", "in": "query", "required": true, "description": "which day", "schema": object{"type": "string", "format": "date"}},
		"moved": object{"name": "moved", "in": "query", "required": true, "description": "two days, the earlier first: 2025-06-01..2025-06-30",
			"schema": object{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}$`}},
	}
	for _, p := range tenor.Params(v.topics) {
		value := object{"type": "string"}
		switch {
		case p.Name == "from" || p.Name == "to" || p.Name == "asof":
			value["format"] = "date"
		case p.Name == "window":
			value = object{"type": "integer", "minimum": 1, "default": tenor.DefaultWindow}
		case len(p.Allowed) > 0:
			value["enum"] = p.Allowed
		}
		one := object{"name": p.Name, "in": "query", "description": p.Usage, "schema": value}
		if p.Repeated {
			one["schema"], one["style"], one["explode"] = object{"type": "array", "items": value}, "form", true
		}
		all[p.Name] = one
	}
	return all
}

// schemaOf describes a table's row. What a row lacks is null, or else empty or missing.
func schemaOf(t tenor.Table, null bool) object {
	properties, required := object{}, []string{}
	for _, c := range t.Columns {
		one := object{"type": string(c.Type)}
		if len(c.Values) > 0 {
			values := c.Values
			if c.Optional {
				values = append([]string{""}, values...)
			}
			one["enum"] = values
		}
		switch c.Type {
		case tenor.TypeDate:
			one["type"], one["format"] = "string", "date"
		case tenor.TypeDatetime:
			one["type"] = "string"
			if !c.Optional {
				one["format"] = "date-time"
			}
		case tenor.TypeList:
			items := object{"type": "string"}
			if len(c.Values) > 0 {
				items["enum"] = c.Values
				delete(one, "enum")
			}
			one["type"], one["items"] = "array", items
		case tenor.TypeArray:
			one["items"] = object{"$ref": "#/components/schemas/" + c.Of}
		}
		if c.Optional && null {
			one["type"] = []any{one["type"], "null"}
		}
		if !c.Optional || null {
			required = append(required, c.Name)
		}
		one["description"] = c.Meaning
		properties[c.Name] = one
	}
	return object{"type": "object", "description": "A row is " + t.Row + ".", "required": required, "properties": properties}
}
