package tenor

import (
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Table describes the rows of an export.
type Table struct {
	Name    string   `json:"name"`
	Files   []string `json:"files"`
	Row     string   `json:"row"` // what a row is
	Columns []Column `json:"columns"`
}

// Column describes a column of an export.
type Column struct {
	Name string     `json:"name"`
	Type ColumnType `json:"type"`
	Of   string     `json:"of,omitempty"` // what an array holds, as the API's document names it
	// Optional: may be empty in CSV, null in Parquet (a list: empty), and empty, null or
	// missing in JSON.
	Optional bool     `json:"optional,omitempty"`
	Values   []string `json:"values,omitempty"` // all that it may hold; none: anything
	Only     string   `json:"only,omitempty"`   // the one format that has it
	Meaning  string   `json:"meaning"`
}

// ColumnType is what a column holds, by the names of Frictionless Table Schema.
type ColumnType string

const (
	TypeString   ColumnType = "string"
	TypeNumber   ColumnType = "number"
	TypeInteger  ColumnType = "integer"
	TypeDate     ColumnType = "date"
	TypeDatetime ColumnType = "datetime" // RFC 3339, UTC
	TypeList     ColumnType = "list"     // of strings
	TypeArray    ColumnType = "array"    // of what Of names; in JSON only
)

//go:embed dictionary.json
var dictionaryFile []byte

// Dictionary describes every column of every export, in the order of the files, with
// the values that these topics allow.
func Dictionary(topics Topics) []Table {
	var tables []struct {
		Table
		Like    string `json:"like"` // the table that has its columns, but for those given
		Columns []struct {
			Column
			ValuesOf string `json:"values_of"` // the filter that has its values
		} `json:"columns"`
	}
	if err := json.Unmarshal(dictionaryFile, &tables); err != nil {
		panic(fmt.Sprintf("dictionary.json: %v", err)) // it is part of the program
	}
	allowed := map[string][]string{}
	for _, p := range Params(topics) {
		allowed[p.Name] = p.Allowed
	}
	var list []Table
	for _, t := range tables {
		own := map[string]Column{}
		var columns []Column
		for _, c := range t.Columns {
			one := c.Column
			if c.ValuesOf != "" {
				one.Values = allowed[c.ValuesOf]
			}
			own[one.Name] = one
			columns = append(columns, one)
		}
		if t.Like != "" {
			columns = nil
			for _, c := range list[slices.IndexFunc(list, func(o Table) bool { return o.Name == t.Like })].Columns {
				if c.Only != "" {
					continue
				}
				if changed, ok := own[c.Name]; ok {
					c = changed
				}
				columns = append(columns, c)
			}
		}
		t.Table.Columns = columns
		list = append(list, t.Table)
	}
	return list
}

// DictionaryOf is one table of the dictionary; it panics where there is none.
func DictionaryOf(name string, topics Topics) Table {
	for _, t := range Dictionary(topics) {
		if t.Name == name {
			return t
		}
	}
	panic("the dictionary has no table " + name)
}

// WriteDictionaryCSV writes the dictionary, a row a column. It is exact, as the raw
// dialect: its words are Tenor's own, and the names of topics hold no formula.
func WriteDictionaryCSV(w io.Writer, tables []Table) error {
	out := csv.NewWriter(w)
	out.Write([]string{"table", "column", "type", "optional", "values", "only", "meaning"})
	for _, t := range tables {
		for _, c := range t.Columns {
			out.Write([]string{t.Name, c.Name, string(c.Type), strconv.FormatBool(c.Optional), strings.Join(c.Values, "|"), c.Only, c.Meaning})
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write the dictionary: %w", err)
	}
	return nil
}

// WriteDictionaryJSON writes {"tables": […]}.
func WriteDictionaryJSON(w io.Writer, tables []Table) error {
	return writeIndented(w, map[string]any{"tables": tables})
}

// packaged are the tables of which a data package has a file.
var packaged = []string{"quotes", "timeline"}

// WriteDataPackage writes a Frictionless Data Package (version 2.0) of the CSV files of
// quotes and timeline. Where says under which path or address a file is.
func WriteDataPackage(w io.Writer, tables []Table, where func(file string) string) error {
	type object = map[string]any
	var resources []object
	for _, t := range tables {
		if !slices.Contains(packaged, t.Name) {
			continue
		}
		var fields []object
		for _, c := range t.Columns {
			if c.Only != "" {
				continue
			}
			field := object{"name": c.Name, "type": c.Type, "description": c.Meaning}
			constraints := object{}
			if !c.Optional {
				constraints["required"] = true
			}
			if c.Type == TypeList {
				field["delimiter"] = "|"
			} else if len(c.Values) > 0 {
				constraints["enum"] = c.Values
			}
			if len(constraints) > 0 {
				field["constraints"] = constraints
			}
			fields = append(fields, field)
		}
		resources = append(resources, object{
			"name": t.Name, "type": "table", "path": where(t.Files[0]), "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
			"description": "A row is " + t.Row + ".",
			"schema":      object{"fields": fields, "primaryKey": []string{t.Columns[0].Name}},
		})
	}
	return writeIndented(w, object{
		"$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
		"name":    "tenor", "title": "Quotes about the markets, and the consensus that they make", "resources": resources,
	})
}

func writeIndented(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return fmt.Errorf("write the dictionary: %w", err)
	}
	return nil
}
