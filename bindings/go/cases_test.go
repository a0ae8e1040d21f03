package pwseal

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// The cases that every interface is held to.
const cases = "../../tests/cases"

// forEachCase calls a function with the cells of each row of a table, and the file that the row is about.
func forEachCase(t *testing.T, table string, function func(t *testing.T, cells []string, file []byte)) {
	content, err := os.ReadFile(filepath.Join(cases, table+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")[1:]
	if len(rows) < 50 {
		t.Fatal(len(rows), "rows")
	}
	for _, row := range rows {
		cells := strings.Split(row, "\t")
		file, err := os.ReadFile(filepath.Join(cases, table, cells[0]))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(cells[0], func(t *testing.T) { function(t, cells, file) })
	}
}

func checkRefusal(t *testing.T, err error, verdict, wanted string) {
	t.Helper()
	message := err.Error()
	if verdict == "read" || verdict == "accepted" || !strings.Contains(message, wanted) || strings.Contains(message, "\n") ||
		strings.Contains(message, "hunter2") {
		t.Errorf("%s: %s: %s", verdict, wanted, message)
	}
}

func TestCasesOfKeys(t *testing.T) {
	forEachCase(t, "keys", func(t *testing.T, cells []string, file []byte) {
		verdict, wanted := cells[1], cells[2]
		key, err := ParsePublicKey(file)
		if err != nil {
			checkRefusal(t, err, verdict, wanted)
			return
		}
		defer key.Close()
		if verdict != "read" || key.Fingerprint() != wanted {
			t.Errorf("%s: %s: %s", verdict, wanted, key.Fingerprint())
		}
	})
}

func outcomesOf(report Report) []string {
	outcomes := []string{}
	for _, finding := range report.Findings {
		if finding.Outcome == NotChecked {
			outcomes = append(outcomes, finding.Reason.String())
		} else {
			outcomes = append(outcomes, finding.Outcome.String())
		}
	}
	return outcomes
}

func TestCasesOfPasswordInfos(t *testing.T) {
	forEachCase(t, "password-infos", func(t *testing.T, cells []string, file []byte) {
		verdict, wanted := cells[1], cells[2]
		info, err := ParsePasswordInfo(file)
		if err != nil {
			checkRefusal(t, err, verdict, wanted)
			return
		}
		defer info.Close()
		change, err := info.ChangeRequest("", []byte(password), ChangeOptions{})
		if err != nil {
			checkRefusal(t, err, verdict, wanted)
			return
		}
		defer change.Close()
		fields := fieldsOf(t, change)
		if verdict != "read" || fields["identityId"] != "2c918085744fec4301746f9a5bce4605" ||
			!strings.HasPrefix(fields["accountId"], "CN=Abby Smith,") ||
			decryptBase64(t, fields["encryptedPassword"]) != password {
			t.Errorf("%s: %s: %v", verdict, wanted, fields)
		}
		report, err := info.Check("", []byte(password), Context{})
		if err != nil {
			t.Fatal(err)
		}
		outcomes := outcomesOf(report)
		if wanted == "absent" {
			if !reflect.DeepEqual(outcomes, []string{"noPolicies"}) {
				t.Error(outcomes)
			}
		} else if count, _ := strconv.Atoi(wanted); len(outcomes) != count || report.HasViolation {
			t.Error(wanted, outcomes)
		}
	})
}

func TestCasesOfPasswords(t *testing.T) {
	info := exampleInfo(t)
	forEachCase(t, "passwords", func(t *testing.T, cells []string, file []byte) {
		verdict, finding, detail := cells[1], cells[2], cells[3]
		if len(file) > 0 {
			change, err := info.ChangeRequest("", file, ChangeOptions{Raw: true, DespitePolicy: true})
			if err != nil {
				t.Fatal(err)
			}
			defer change.Close()
			if got := decryptBase64(t, fieldsOf(t, change)["encryptedPassword"]); got != string(file) {
				t.Errorf("raw: %x", got)
			}
		}
		given := strings.TrimSuffix(strings.TrimSuffix(string(file), "\n"), "\r")
		if !strings.HasSuffix(string(file), "\n") {
			given = string(file)
		}
		change, err := info.ChangeRequest("", []byte(given), ChangeOptions{DespitePolicy: true})
		if err != nil {
			wanted := map[string]string{"decoded": "UTF-16", "refused": detail, "empty": "empty"}[verdict]
			checkRefusal(t, err, verdict, wanted)
			return
		}
		defer change.Close()
		var kinds []string
		for _, warning := range change.Warnings() {
			kinds = append(kinds, warning.Kind.String())
		}
		got := hex.EncodeToString([]byte(decryptBase64(t, fieldsOf(t, change)["encryptedPassword"])))
		if verdict != "accepted" || got != finding || strings.Join(kinds, ",") != detail {
			t.Errorf("%v: %s %v", cells, got, kinds)
		}
	})
}

func TestCasesOfPolicies(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(cases, "policies.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Policies, Outcomes                    []string
		Password, AccountID, AccountName      string
		AccountAttributes, IdentityAttributes map[string]string
		Dictionary                            *string
	}
	if err := json.Unmarshal(content, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) < 50 {
		t.Fatal(len(rows), "rows")
	}
	for _, row := range rows {
		context := Context{AccountID: row.AccountID, AccountAttributes: row.AccountAttributes, IdentityAttributes: row.IdentityAttributes}
		if row.AccountName != "" {
			context.AccountNames = []string{row.AccountName}
		}
		if row.Dictionary != nil {
			if context.Dictionary, err = ParseDictionary([]byte(*row.Dictionary)); err != nil {
				t.Fatal(err)
			}
		}
		policy, err := PolicyFromAnswer(row.Policies...)
		if err != nil {
			t.Fatal(err)
		}
		report, err := policy.Check([]byte(row.Password), context)
		if err != nil || !reflect.DeepEqual(outcomesOf(report), row.Outcomes) {
			t.Errorf("%+v: %v %v", row, outcomesOf(report), err)
		}
		policy.Close()
	}
}
