// What Go's Standard Webhooks library says and signs: reads a list of questions as JSON, writes a list of answers.
package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

type question struct {
	Ask     string            `json:"ask"`
	Secret  string            `json:"secret"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

type answer struct {
	Accepted bool              `json:"accepted"`
	Headers  map[string]string `json:"headers,omitempty"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	answers := make([]answer, 0, len(questions))
	for _, each := range questions {
		answers = append(answers, reply(each))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}

func reply(q question) answer {
	webhook, err := standardwebhooks.NewWebhook(q.Secret)
	if err != nil {
		panic(err)
	}
	if q.Ask == "sign" {
		now := time.Now()
		signature, err := webhook.Sign("msg_1", now, []byte(q.Body))
		if err != nil {
			panic(err)
		}
		return answer{Accepted: true, Headers: map[string]string{
			"webhook-id":        "msg_1",
			"webhook-timestamp": strconv.FormatInt(now.Unix(), 10),
			"webhook-signature": signature,
		}}
	}
	headers := http.Header{}
	for name, value := range q.Headers {
		headers.Set(name, value)
	}
	return answer{Accepted: webhook.Verify([]byte(q.Body), headers) == nil}
}
