// What clients of openapi-generator's `go` make of each response. Prints the name of a case and its result as JSON, a line each.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	callback "casewire/callback"
	contractor "casewire/contractor"
	crpt "casewire/crpt"
)

type model interface{ Model() interface{} }

func show(name string, result interface{}, response *http.Response, err error) {
	if err != nil {
		failure := map[string]interface{}{"exception": err.Error()}
		if response != nil {
			failure["status"] = response.StatusCode
		}
		if one, is := err.(model); is {
			failure["data"] = one.Model()
		}
		result = map[string]interface{}{"failure": failure}
	}
	text, _ := json.Marshal(result)
	fmt.Printf("%s\t%s\n", name, text)
}

func main() {
	url := os.Args[1]
	keys := map[string]contractor.APIKey{"UserAuth": {Key: "T", Prefix: "x-user"}, "ExternalSystemAuth": {Key: "K", Prefix: "x-external-system"}}
	ctx := context.WithValue(context.Background(), contractor.ContextAPIKeys, keys)
	contractorAt := func(name string) *contractor.APIClient {
		configuration := contractor.NewConfiguration()
		configuration.Servers = contractor.ServerConfigurations{{URL: url + "/" + name}}
		return contractor.NewAPIClient(configuration)
	}
	crptAt := func(name string) *crpt.APIClient {
		configuration := crpt.NewConfiguration()
		configuration.Servers = crpt.ServerConfigurations{{URL: url + "/" + name}}
		return crpt.NewAPIClient(configuration)
	}
	callbackAt := func(name string) *callback.APIClient {
		configuration := callback.NewConfiguration()
		configuration.Servers = callback.ServerConfigurations{{URL: url + "/" + name}}
		return callback.NewAPIClient(configuration)
	}
	file := func() *os.File {
		file, err := os.Open(os.Args[2])
		if err != nil {
			panic(err)
		}
		return file
	}
	for _, name := range []string{"plain", "nulls", "unknown", "local", "empty"} {
		result, response, err := contractorAt(name).CallAPI.GetCall(ctx, 1).Execute()
		show(name, result, response, err)
	}
	message := contractor.NewPostCallMessageInputDTO("m")
	said, response, err := contractorAt("nullref").CallAPI.AddUserMessage(ctx, 1).PostCallMessageInputDTO(*message).Execute()
	show("nullref", said, response, err)
	expense := contractor.NewPostExpenseInputDTO(1, 1)
	added, response, err := contractorAt("code").CallCostAPI.AddExpense(ctx, 1).PostExpenseInputDTO(*expense).Execute()
	show("code", added, response, err)
	cost, response, err := contractorAt("none").CallCostAPI.GetCallCost(ctx, 1).Execute()
	show("none", cost, response, err)
	self, response, err := contractorAt("credential").UserAPI.GetSelf(ctx).Execute()
	show("credential", self, response, err)
	attached, response, err := contractorAt("multipart").CallTaskAPI.UploadCallTaskAttachment(ctx, 1).Attachment(file()).Execute()
	show("multipart", attached, response, err)
	for _, name := range []string{"success", "under200"} {
		result, response, err := crptAt(name).CaseAPI.GetCase(context.Background(), "SR1").Execute()
		show(name, result, response, err)
	}
	link, response, err := crptAt("octets").FileAPI.AttachFile(context.Background()).Filename("акт.pdf").Number("SR1").Body(file()).Execute()
	show("octets", link, response, err)
	for _, name := range []string{"batch", "refused"} {
		result, response, err := callbackAt(name).ApplicationAPI.FetchApplications(context.Background()).Limit(1).Execute()
		show(name, result, response, err)
	}
}
