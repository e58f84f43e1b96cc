"""What a client of openapi-generator's `python` makes of each response. Prints the name of a case and its result as JSON, a line each."""

import json
import sys

import callback_openapi
import contractor_openapi
import crpt_openapi

url, content = sys.argv[1], open(sys.argv[2], "rb").read()


def show(case, call):
    try:
        result = call(f"{url}/{case}")
        if hasattr(result, "actual_instance"):
            result = result.actual_instance
        if hasattr(result, "to_json"):
            result = json.loads(result.to_json())
        print(case, json.dumps(result), sep="\t")
    except Exception as error:
        failure = {"exception": type(error).__name__, "status": getattr(error, "status", None)}
        data = getattr(error, "data", None)
        failure["data"] = data.model_dump(by_alias=True) if hasattr(data, "model_dump") else None
        print(case, json.dumps({"failure": failure}), sep="\t")


def contractor(host, api="CallApi"):
    configuration = contractor_openapi.Configuration(
        host=host, api_key={"UserAuth": "T", "ExternalSystemAuth": "K"},
        api_key_prefix={"UserAuth": "x-user", "ExternalSystemAuth": "x-external-system"})
    return getattr(contractor_openapi, api)(contractor_openapi.ApiClient(configuration))


def crpt(host, api="CaseApi"):
    return getattr(crpt_openapi, api)(crpt_openapi.ApiClient(crpt_openapi.Configuration(host=host)))


def callback(host):
    return callback_openapi.ApplicationApi(callback_openapi.ApiClient(callback_openapi.Configuration(host=host)))


for case in ["plain", "nulls", "unknown", "local", "empty"]:
    show(case, lambda host: contractor(host).get_call(1))
show("nullref", lambda host: contractor(host).add_user_message(1, contractor_openapi.PostCallMessageInputDTO(message="m")))
show("code", lambda host: contractor(host, "CallCostApi").add_expense(
    1, contractor_openapi.PostExpenseInputDTO(count=1, expenditure_item_id=1)))
show("none", lambda host: contractor(host, "CallCostApi").get_call_cost(1))
show("credential", lambda host: contractor(host, "UserApi").get_self())
show("multipart", lambda host: contractor(host, "CallTaskApi").upload_call_task_attachment(1, ("акт.pdf", content)))
show("success", lambda host: crpt(host).get_case("SR1"))
show("under200", lambda host: crpt(host).get_case("SR1"))
show("octets", lambda host: crpt(host, "FileApi").attach_file("акт.pdf", "SR1", content, len(content)))
show("batch", lambda host: callback(host).fetch_applications(limit=1))
show("refused", lambda host: callback(host).fetch_applications(limit=1))
