"""What a client of openapi-python-client makes of each response. Prints the name of a case and its result as JSON, a line each."""

import io
import json
import sys
from importlib import import_module

url, content = sys.argv[1], open(sys.argv[2], "rb").read()


def show(case, package, module, prefix="", token="", **arguments):
    try:
        client = import_module(f"{package}_client").AuthenticatedClient(base_url=f"{url}/{case}", token=token, prefix=prefix)
        if package == "crpt":
            client.auth_header_name = "BPMCSRF"
        values = {name: value() if callable(value) else value for name, value in arguments.items()}
        response = import_module(f"{package}_client.api.{module}").sync_detailed(client=client, **values)
        result = response.parsed.to_dict() if hasattr(response.parsed, "to_dict") else response.parsed
        if response.status_code >= 400:
            result = {"failure": {"exception": None, "status": int(response.status_code), "data": result}}
        print(case, json.dumps(result), sep="\t")
    except Exception as error:
        print(case, json.dumps({"failure": {"exception": type(error).__name__, "status": None, "data": None}}), sep="\t")


def model(package, name, value):
    return lambda: getattr(import_module(f"{package}_client.models"), name).from_dict(value)


def file(package):
    return import_module(f"{package}_client.types").File(io.BytesIO(content), "акт.pdf", "application/pdf")


for case in ["plain", "nulls", "unknown", "local", "empty"]:
    show(case, "contractor", "call.get_call", id=1)
show("nullref", "contractor", "call.add_user_message", id=1, body=model("contractor", "PostCallMessageInputDTO", {"message": "m"}))
show("code", "contractor", "call_cost.add_expense", call_id=1,
     body=model("contractor", "PostExpenseInputDTO", {"count": 1, "expenditureItemId": 1}))
show("none", "contractor", "call_cost.get_call_cost", call_id=1)
show("credential", "contractor", "user.get_self", prefix="x-user", token="T")
show("multipart", "contractor", "call_task.upload_call_task_attachment", id=1, body=lambda: import_module(
    "contractor_client.models").UploadCallTaskAttachmentBody(attachment=file("contractor")))
show("success", "crpt", "case.get_case", number="SR1")
show("under200", "crpt", "case.get_case", number="SR1")
show("octets", "crpt", "file.attach_file", body=lambda: file("crpt"), filename="акт.pdf", number="SR1", totallength=len(content))
show("batch", "callback", "application.fetch_applications", limit=1)
show("refused", "callback", "application.fetch_applications", limit=1)
