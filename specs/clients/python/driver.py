"""Takes the sandbox through the life of a case on all four interfaces, and reads every kind of response in each of its modes, with
clients that openapi-generator made for Python. Checks decoded values. Needs the four clients on PYTHONPATH, see the README.

    python driver.py [--control URL] [--break MODE]

With --break, a mode is left off where it should be on, which this program has to notice."""

import argparse
import base64
import enum
import hashlib
import json
import os
import urllib.request
from datetime import datetime, timezone
from importlib import import_module

contractor, crpt, legalcase, callback = (
    import_module(f"{name}_openapi") for name in ["contractor", "crpt", "legalcase", "callback"])

UNKNOWN = "unknown_default_open_api"


def open_enums(package):
    """Lets enums take values that the spec doesn't list. The option `enumUnknownDefaultCase=true` adds a member for them, which
    generated code doesn't use by itself."""
    for value in vars(package).values():
        if isinstance(value, type) and issubclass(value, enum.Enum) and UNKNOWN in {member.value for member in value}:
            value._missing_ = classmethod(lambda cls, _: cls(UNKNOWN))


for each in [contractor, crpt, legalcase, callback]:
    open_enums(each)


def same(got, want, what):
    """The one check that everything goes through."""
    if got != want:
        raise SystemExit(f"{what}: {got!r}, not {want!r}")
    same.count += 1


same.count = 0


def fails(call, package, what):
    """The failure of a call."""
    try:
        result = call()
    except package.exceptions.ApiException as error:
        return error
    raise SystemExit(f"{what}: no failure, but {result!r}")


class Sandbox:
    """The control endpoint."""

    def __init__(self, url, broken):
        self.url, self.broken = url, broken
        self.urls = {one["name"]: one["baseUrl"] for one in self.request("GET", "/control/interfaces")}

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as response:
            content = response.read()
        return json.loads(content) if content else None

    def reset(self):
        self.request("POST", "/control/reset")

    def mode(self, interface, *names):
        modes = {name: name in names and name != self.broken
                 for name in ["nulls", "unknownEnumValues", "noOffsets", "emptyFailures"]}
        self.request("PUT", f"/control/{interface}/modes", modes)


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


# ContractorPersonalArea

def hashed(password, salt):
    inner = hashlib.sha256(password.encode("utf-8")).digest()
    return base64.b64encode(hashlib.sha256(inner + salt).digest()).decode()


class Contractor:
    """One client for a dispatch system and one for each user: all three security schemes fill the same header."""

    def __init__(self, url):
        self.url = url
        self.desk = self.client(ExternalSystemAuth=("x-external-system", "desk-key"))
        self.anyone = self.client()

    def client(self, **credentials):
        configuration = contractor.Configuration(
            host=self.url,
            api_key={scheme: token for scheme, (_, token) in credentials.items()},
            api_key_prefix={scheme: word for scheme, (word, _) in credentials.items()})
        return contractor.ApiClient(configuration)

    def tokens(self, user_name, password):
        salt = os.urandom(16)
        return contractor.UserApi(self.anyone).sign_in(contractor.SignInInputDTO(
            user_name=user_name, salt=base64.b64encode(salt).decode(), hashed_password=hashed(password, salt)))

    def user(self, user_name, password):
        tokens = self.tokens(user_name, password)
        return self.client(UserAuth=("x-user", tokens.access.token), ServiceUserAuth=("x-user-service", tokens.service.token))


def contractor_signs_in(one):
    salt = bytes(range(16))
    same(hashed("Passw0rd", salt), "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=", "ASCII password")
    same(hashed("Пароль1", salt), "hbkaxVmvHj/j/Z+qOZ9F2JmoslNI851u0gbHfDUVeBE=", "Cyrillic password")
    for user_name, password, number in [("ivanov", "Passw0rd", 7), ("petrova", "Пароль1", 8)]:
        client = one.user(user_name, password)
        me = contractor.UserApi(client).get_self()
        same((me.id, me.name), (number, user_name), "getSelf")
    tokens = one.tokens("ivanov", "Passw0rd")
    same((tokens.access.expires_in, tokens.service.expires_in), (3_600_000, None), "expiresIn")
    renewed = contractor.UserApi(one.client(ServiceUserAuth=("x-user-service", tokens.service.token))).renew_tokens()
    same(renewed.access.token != tokens.access.token, True, "a new token")
    wrong = fails(lambda: one.tokens("ivanov", "wrong"), contractor, "a wrong password")
    same((wrong.status, wrong.data.error_code), (401, 1), "a wrong password")
    locked = fails(lambda: one.tokens("sidorov", "Locked99"), contractor, "a locked user")
    same((locked.status, locked.data.error_code), (401, 5), "a locked user")


def contractor_life(one):
    user = one.user("ivanov", "Passw0rd")
    calls, desk_calls = contractor.CallApi(user), contractor.CallApi(one.desk)
    tasks, desk_tasks = contractor.CallTaskApi(user), contractor.CallTaskApi(one.desk)
    costs, desk_costs = contractor.CallCostApi(user), contractor.CallCostApi(one.desk)
    created = desk_calls.create_call(contractor.CallInputDTO(
        available_expenditure_items=[contractor.PostExpenditureItemInputDTO(name="Проезд")],
        client_name="ООО «Ромашка»", created=utc(2026, 3, 2, 8, 15), description_html_text="<p>Касса</p>",
        description_text_for_field_employee="Касса", owner_id=7, service_object_address="Москва",
        service_object_latitude=55.7793, service_object_longitude=37.5863, service_object_name="Магазин № 12",
        tasks=[contractor.PostCallTaskInputDTO(title="Заменить принтер")], ttf=utc(2026, 3, 3, 18)))
    call, task = created.id, created.tasks[0].id
    read = desk_calls.get_call(call)
    same((read.status, read.client_name, read.ttf, read.commited),
         (contractor.CallStatus.NEW, "ООО «Ромашка»", utc(2026, 3, 3, 18), None), "getCall")
    same(read.tasks[0].status, contractor.CallTaskStatus.NEW, "the task")
    desk_calls.update_call(call, contractor.PatchCallInputDTO(tto=utc(2026, 3, 2, 12)))
    moments = calls.set_call_status(call, contractor.CallStatusInputDTO(status="Committed", comments="Принято"))
    same((moments.commited is None, moments.finished), (False, None), "setCallStatus")
    link = calls.create_call_temp_link(call)
    same(contractor.SharedApi(one.anyone).get_shared_call(link).id, call, "getSharedCall")
    said = calls.add_user_message(call, contractor.PostCallMessageInputDTO(message="Выезжаю"))
    same((said.message, said.owner.name), ("Выезжаю", "ivanov"), "addUserMessage")
    raised = calls.raise_jeopardy(call, contractor.PostCallJeopardyInputDTO(comment="Нет принтера"))
    answer = desk_calls.clear_jeopardy(call, contractor.PostExternalCallJeopardyInputDTO(answer_comment="Выдан"))
    jeopardies = desk_calls.get_call(call).jeopardies
    same([(each.id, each.comment, each.answer_comment, each.answer_date) for each in jeopardies],
         [(raised.id, "Нет принтера", "Выдан", answer.answer_date)], "the jeopardy")
    tasks.set_call_task_status(task, contractor.CallTaskStatusInputDTO(status="Done"))
    content = bytes(range(256)) * 40
    file = tasks.upload_call_task_attachment(task, ("акт.pdf", content))
    same((file.name, file.type), ("акт.pdf", contractor.CallTaskAttachmentType.PDF), "the file")
    same(bytes(tasks.download_call_task_attachment(task, file.id)), content, "its bytes")
    same([each.id for each in desk_tasks.get_call_task(task).result.attachments], [file.id], "the result")
    costs.create_call_cost(call)
    item = read.available_expenditure_items[0].id
    expense = costs.add_expense(call, contractor.PostExpenseInputDTO(count=1, expenditure_item_id=item))
    material = costs.add_material(call, contractor.PostMaterialInputDTO(
        count=1, name="Принтер", owner_type="Contractor", price=18500.5, serial_number="PRN-1"))
    costs.update_expense(call, expense.id, contractor.PatchExpenseInputDTO(count=2.5))
    costs.submit_call_cost(call)
    desk_costs.set_call_cost_approval(call, contractor.PatchCallCostApprovalStatusInputDTO(
        expenses={str(expense.id): "Approved"}, materials={str(material.id): "Rejected"}))
    cost = desk_costs.get_call_cost(call)
    same([(each.count, each.status) for each in cost.expenses], [(2.5, contractor.ApprovalStatus.APPROVED)], "expenses")
    same([(each.price, each.owner_type, each.status) for each in cost.materials],
         [(18500.5, contractor.MaterialOwnerType.CONTRACTOR, contractor.ApprovalStatus.REJECTED)], "materials")
    same(desk_costs.get_call_cost_with_http_info(683913).data, None, "no estimate")
    calls.set_call_status(call, contractor.CallStatusInputDTO(status="Done", comments="Готово"))
    desk_calls.close_call(call)
    same([each.status for each in desk_calls.list_call_changes(0) if each.id == call], [contractor.CallStatus.CLOSED], "the feed")
    closed = fails(lambda: calls.add_user_message(call, contractor.PostCallMessageInputDTO(message="?")), contractor, "closed")
    same(closed.status, 409, "a message to a closed call")
    nothing = fails(lambda: costs.add_expense(call + 1, contractor.PostExpenseInputDTO(count=1, expenditure_item_id=1)),
                    contractor, "no call")
    same((nothing.status, nothing.data.error_code), (404, 1), "addExpense to no call")
    return user, call, task, link


def contractor_modes(one, sandbox, user, call, task, link):
    desk, tasks = contractor.CallApi(one.desk), contractor.CallTaskApi(one.desk)

    def everything():
        """How much each operation returns that only reads."""
        lists = [desk.list_call_changes(0), desk.list_jeopardy_changes(0), desk.list_message_changes(0), tasks.list_call_tasks()]
        objects = [desk.get_call(call), contractor.CallCostApi(one.desk).get_call_cost(call), tasks.get_call_task(task),
                   contractor.CallTaskApi(user).get_call_task_result(task), contractor.UserApi(user).get_self(),
                   contractor.SharedApi(one.anyone).get_shared_call(link),
                   contractor.SharedApi(one.anyone).get_shared_task_result(task, link)]
        return [len(each) for each in lists] + [each is not None for each in objects]

    before, all_of_it = desk.get_call(call), everything()
    for mode in ["nulls", "unknownEnumValues", "noOffsets"]:
        sandbox.mode("contractor", mode)
        same(everything(), all_of_it, f"everything with {mode}")
    sandbox.mode("contractor", "nulls")
    for read in [desk.get_call(call), desk.list_call_changes(0)[0]]:
        same((read.status, read.client_name, read.ttf, read.tasks), (None, None, None, None), "a call of nulls")
    same(contractor.CallTaskApi(one.desk).get_call_task(task).result, None, "a result that is null")
    same(contractor.CallCostApi(one.desk).get_call_cost(call).expenses, None, "expenses that are null")
    sandbox.mode("contractor", "unknownEnumValues")
    read = desk.get_call(call)
    same((read.status, read.client_name), (contractor.CallStatus(UNKNOWN), before.client_name), "an unknown status")
    same(read.tasks[0].status, contractor.CallTaskStatus(UNKNOWN), "an unknown status of a task")
    sandbox.mode("contractor", "noOffsets")
    read = desk.get_call(call)
    same((read.created, read.created.tzinfo), (before.created.replace(tzinfo=None), None), "a time without an offset")
    sandbox.mode("contractor", "emptyFailures")
    failure = fails(lambda: desk.get_call(1), contractor, "an empty failure")
    same((failure.status, failure.data, failure.body), (404, None, ""), "an empty failure")
    sandbox.mode("contractor")


# API BPM

class Crpt:
    """A session: the cookies of the sign-in, and one of them as a header too."""

    def __init__(self, url):
        self.client = crpt.ApiClient(crpt.Configuration(host=url))

    def sign_in(self, user_name, password):
        # The raw response: what comes decoded has all cookies in one line.
        response = crpt.SessionApi(self.client).login_without_preload_content(
            crpt.ForceUseSession.TRUE, crpt.LoginRequest(user_name=user_name, user_password=password))
        cookies = dict(one.split(";")[0].split("=", 1) for one in response.headers.getlist("Set-Cookie"))
        self.client.set_default_header("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))
        self.client.configuration.api_key["Session"] = cookies.get("BPMCSRF", "")
        return crpt.LoginResponse.from_json(response.read().decode())


def crpt_life(url):
    one = Crpt(url)
    refused = one.sign_in("ivan.petrov", "wrong")
    same((refused.code, refused.exception.type), (1, "System.Security.SecurityException"), "a refused sign-in")
    same(one.sign_in("anna.smirnova", "Пароль1").code, 0, "a Cyrillic password")
    same(one.sign_in("ivan.petrov", "Petr0v-1").code, 0, "a sign-in")
    cases, files = crpt.CaseApi(one.client), crpt.FileApi(one.client)
    number = cases.create_case(crpt.CaseInput(subject="Вопрос", symptoms="Нет выписки")).data
    content = bytes(range(256)) * 3
    link = files.attach_file("акт 1.pdf", number, content, len(content)).data
    message = cases.add_message(crpt.MessageInput(number=number, message="Проверьте")).data
    case = cases.get_case(number).data
    same((case.subject, case.status, case.messages[-1].id, case.messages[-1].text),
         ("Вопрос", "Открыто", message, "Проверьте"), "getCase")
    [file] = [file for each in case.messages for file in each.files]
    same((file.name, file.size, file.url), ("акт 1.pdf", "768", link), "the file")
    schema, file_id = link.rsplit("/", 2)[1:]
    same(bytes(files.download_file(schema, file_id)), content, "its bytes")
    same([each.number for each in cases.list_cases({"number": number}).data], [number], "listCases")
    same(cases.update_case(crpt.CaseUpdate(number="SR00684153", status="close", satisfactionlevel=5)).data, "SR00684153",
         "updateCase")
    missing = cases.get_case("SR00000000")
    same((missing.data, missing.error), (None, "case not found"), "a failure under 200")
    return one, number, (schema, file_id)


def crpt_modes(one, number, file, sandbox):
    cases, files = crpt.CaseApi(one.client), crpt.FileApi(one.client)

    def everything():
        """How much each operation returns that only reads."""
        return (len(cases.list_cases({"number": number}).data), len(cases.get_case(number).data.messages),
                len(files.download_file(*file)))

    all_of_it = everything()
    for mode in ["nulls", "unknownEnumValues", "noOffsets"]:
        sandbox.mode("crpt", mode)
        same(everything(), all_of_it, f"everything with {mode}")
    sandbox.mode("crpt", "nulls")
    read = cases.get_case(number)
    same((read.data.subject, read.data.status_code, read.error), ("Вопрос", None, None), "nulls")
    sandbox.mode("crpt", "unknownEnumValues")
    same(cases.get_case(number).data.status != "Открыто", True, "an unknown status")
    sandbox.mode("crpt", "emptyFailures")
    stranger = crpt.CaseApi(crpt.ApiClient(crpt.Configuration(host=one.client.configuration.host)))
    failure = fails(lambda: stranger.get_case(number), crpt, "without a session")
    same((failure.status in (401, 403), failure.data, failure.body), (True, None, ""), "an empty failure")
    sandbox.mode("crpt")


# MSB partner API

def legalcase_life(url):
    client = legalcase.ApiClient(legalcase.Configuration(host=url))
    clients, cases = legalcase.ClientApi(client), legalcase.LegalCaseApi(client)
    comments, documents = legalcase.CommentApi(client), legalcase.DocumentApi(client)
    company = legalcase.ClientInput(inn="7719283390", ogrn="1187746123452", organization="ООО «Ромашка»", tariff="Базовый")
    who = clients.register_client(company).id
    clients.update_client(who, company)
    case = cases.create_legal_case(who, legalcase.LegalCaseInput(
        ogrn="1187746123452", deal=legalcase.Deal(text="Предоплата"),
        representative=legalcase.Representative(surname="Петров", name="Иван"))).id
    comment = comments.add_comment(who, case, legalcase.CommentInput(comment="Договор приложу")).id
    content = bytes(range(256)) * 5
    document = documents.add_document(who, case, comment, ("договор.pdf", content)).id
    same(bytes(documents.download_document(who, case, comment, document)), content, "the document")
    same(len({who, case, comment, document}), 4, "four ids")
    cases.update_legal_case(who, case, legalcase.LegalCaseUpdate(read=True))
    comments.delete_comment(who, case, comment)
    cases.delete_legal_case(who, case)
    gone = fails(lambda: comments.add_comment(who, case, legalcase.CommentInput(comment="?")), legalcase, "no case")
    same(gone.status, 404, "a comment on no case")
    return client


def legalcase_modes(client, sandbox):
    sandbox.mode("legalcase", "emptyFailures")
    failure = fails(lambda: legalcase.ClientApi(client).delete_client("c-0"), legalcase, "an empty failure")
    same((failure.status, failure.body), (404, ""), "an empty failure")
    sandbox.mode("legalcase")


# CP MSP callback applications

def callback_life(url):
    client = callback.ApiClient(callback.Configuration(host=url))
    session, applications = callback.SessionApi(client), callback.ApplicationApi(client)
    wrong = fails(lambda: session.authenticate(callback.Credentials(login="integration@oip.example", password="?")), callback,
                  "a wrong password")
    same((wrong.status, wrong.data.status_code, wrong.data.data.type), (401, 401, "Not authorized"), "a wrong password")
    token = session.authenticate(callback.Credentials(login="integration@oip.example", password="Petr0v-1")).data.token
    client.configuration.api_key["JwtToken"] = token
    batch = applications.fetch_applications(limit=2)
    same([(each.application_id, each.date_creation, each.opf.strip()) for each in batch.applications],
         [("111", "2022-29-12", "legalEntity"), ("112", "2022-12-30", "entrepreneur")], "the batch")
    same(applications.commit_batch(batch.commit).status_code, 200, "commitBatch")
    for report in [
            callback.RegisteredOrRendered(application_id="111", status="registered"),
            callback.RegisteredOrRendered(application_id="111", status="rendered"),
            callback.RegisteredOrRendered(application_id="112", status="registered"),
            callback.Rejected(application_id="112", status="rejected", comment="Не ответил")]:
        same(applications.report_status(callback.StatusReport(report)).status_code, 200, "reportStatus")
    nobody = callback.RegisteredOrRendered(application_id="0", status="registered")
    unknown = fails(lambda: applications.report_status(callback.StatusReport(nobody)), callback, "no application")
    same((unknown.status, unknown.data.data.type), (400, "Application not found"), "no application")
    under_200 = applications.commit_batch("no-such-batch")
    same((under_200.status_code, under_200.data.type), (400, "Format-logical control error"), "a failure under 200")
    return client


def callback_modes(client, sandbox):
    applications = callback.ApplicationApi(client)
    all_of_it = len(applications.fetch_applications().applications)
    for mode in ["nulls", "unknownEnumValues", "noOffsets"]:
        sandbox.mode("callback", mode)
        same(len(applications.fetch_applications().applications), all_of_it, f"a batch with {mode}")
    sandbox.mode("callback", "nulls")
    [one, *_] = applications.fetch_applications(limit=1).applications
    same((one.application_id, one.surname, one.opf), ("113", None, None), "an application of nulls")
    sandbox.mode("callback", "unknownEnumValues")
    [one, *_] = applications.fetch_applications(limit=1).applications
    same((one.opf is None, one.opf == "selfEmployed"), (False, False), "an unknown legal form")
    sandbox.mode("callback", "emptyFailures")
    stranger = callback.ApplicationApi(callback.ApiClient(callback.Configuration(host=client.configuration.host)))
    failure = fails(stranger.fetch_applications, callback, "without a token")
    same((failure.status, failure.data, failure.body), (401, None, ""), "an empty failure")
    sandbox.mode("callback")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", default="http://127.0.0.1:8100")
    parser.add_argument("--break", dest="broken", default=None)
    options = parser.parse_args()
    sandbox = Sandbox(options.control, options.broken)
    sandbox.reset()
    one = Contractor(sandbox.urls["contractor"])
    contractor_signs_in(one)
    contractor_modes(one, sandbox, *contractor_life(one))
    crpt_modes(*crpt_life(sandbox.urls["crpt"]), sandbox)
    legalcase_modes(legalcase_life(sandbox.urls["legalcase"]), sandbox)
    callback_modes(callback_life(sandbox.urls["callback"]), sandbox)
    sandbox.reset()
    print(f"{same.count} values are as they should be")


if __name__ == "__main__":
    main()
