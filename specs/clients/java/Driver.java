import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Takes the sandbox through the life of a case on all four interfaces, and reads every kind of response in each of its modes, with
 * clients that openapi-generator made for Java ({@code --library native}). Checks decoded values. See the README.
 *
 * <p>{@code java Driver [--control URL] [--break MODE]}: with {@code --break}, a mode is left off where it should be on, which this
 * program has to notice.
 */
public final class Driver {
  private static int count = 0;

  /** The one check that everything goes through. */
  private static void same(Object got, Object want, String what) {
    if (!Objects.equals(got, want)) {
      throw new IllegalStateException(what + ": " + got + ", not " + want);
    }
    count += 1;
  }

  /** Of values that may be null, which {@code List.of} can't have. */
  private static List<Object> list(Object... values) {
    return new ArrayList<>(Arrays.asList(values));
  }

  /** A call that fails, or doesn't. */
  private interface Call<E extends Exception> {
    void run() throws E;
  }

  private static contractor.ApiException contractorFails(Call<contractor.ApiException> call, String what) {
    try {
      call.run();
    } catch (contractor.ApiException error) {
      return error;
    }
    throw new IllegalStateException(what + ": no failure");
  }

  private static crpt.ApiException crptFails(Call<crpt.ApiException> call, String what) {
    try {
      call.run();
    } catch (crpt.ApiException error) {
      return error;
    }
    throw new IllegalStateException(what + ": no failure");
  }

  private static legalcase.ApiException legalcaseFails(Call<legalcase.ApiException> call, String what) {
    try {
      call.run();
    } catch (legalcase.ApiException error) {
      return error;
    }
    throw new IllegalStateException(what + ": no failure");
  }

  private static callback.ApiException callbackFails(Call<callback.ApiException> call, String what) {
    try {
      call.run();
    } catch (callback.ApiException error) {
      return error;
    }
    throw new IllegalStateException(what + ": no failure");
  }

  /**
   * What the generated mappers lack: date-times without an offset are read, as those of this zone; and the body of an upload is the
   * bytes of the file, where a generated client would send the JSON of its path.
   */
  private static final class Mapper extends ObjectMapper {
    private static final long serialVersionUID = 1;
    private static final ZoneOffset LOCAL = ZoneOffset.ofHours(3);

    Mapper() {
      setSerializationInclusion(com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL);
      disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
      disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE);
      disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
      registerModule(new JavaTimeModule());
      registerModule(new SimpleModule().addDeserializer(OffsetDateTime.class, new JsonDeserializer<OffsetDateTime>() {
        @Override
        public OffsetDateTime deserialize(JsonParser parser, DeserializationContext context) throws IOException {
          String text = parser.getText();
          try {
            return OffsetDateTime.parse(text);
          } catch (DateTimeParseException error) {
            return LocalDateTime.parse(text).atOffset(LOCAL);
          }
        }
      }));
    }

    @Override
    public ObjectMapper copy() {
      return new Mapper();
    }

    @Override
    public byte[] writeValueAsBytes(Object value) throws JsonProcessingException {
      if (!(value instanceof File)) {
        return super.writeValueAsBytes(value);
      }
      try {
        return Files.readAllBytes(((File) value).toPath());
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
  }

  private static final Mapper MAPPER = new Mapper();

  /** The decoded body of a failure, which generated exceptions leave as text. Null for an empty one. */
  private static <T> T body(String text, Class<T> type) throws IOException {
    return text == null || text.isEmpty() ? null : MAPPER.readValue(text, type);
  }

  /** The control endpoint. */
  private static final class Sandbox {
    private final String url;
    private final String broken;
    final Map<String, String> urls = new HashMap<>();

    Sandbox(String url, String broken) throws Exception {
      this.url = url;
      this.broken = broken;
      for (JsonNode one : MAPPER.readTree(request("GET", "/control/interfaces", ""))) {
        urls.put(one.get("name").asText(), one.get("baseUrl").asText());
      }
      reset();
    }

    String request(String method, String path, String body) throws Exception {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
      HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IllegalStateException(method + " " + path + ": " + response.statusCode());
      }
      return response.body();
    }

    void reset() throws Exception {
      request("POST", "/control/reset", "");
    }

    void mode(String of, String... names) throws Exception {
      Map<String, Boolean> modes = new HashMap<>();
      for (String name : List.of("nulls", "unknownEnumValues", "noOffsets", "emptyFailures")) {
        modes.put(name, Arrays.asList(names).contains(name) && !name.equals(broken));
      }
      request("PUT", "/control/" + of + "/modes", MAPPER.writeValueAsString(modes));
    }
  }

  private static byte[] bytes(int length) {
    byte[] made = new byte[length];
    for (int i = 0; i < length; i++) {
      made[i] = (byte) i;
    }
    return made;
  }

  /** A file with a name of ASCII: the generated multipart has `?` for any other character. */
  private static File file(String name, byte[] content) throws IOException {
    File file = Files.createTempDirectory("driver").resolve(name).toFile();
    Files.write(file.toPath(), content);
    return file;
  }

  private static boolean has(File file, byte[] content) throws IOException {
    return Arrays.equals(Files.readAllBytes(file.toPath()), content);
  }

  // ContractorPersonalArea. Generated clients send no credential by themselves; each caller has a client of its own.

  private static contractor.ApiClient contractorClient(String url, String authorization) {
    contractor.ApiClient client = new contractor.ApiClient();
    client.updateBaseUri(url);
    client.setObjectMapper(MAPPER);
    if (authorization != null) {
      client.setRequestInterceptor(request -> request.header("Authorization", authorization));
    }
    return client;
  }

  private static String hashed(String password, byte[] salt) throws Exception {
    byte[] inner = MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
    MessageDigest outer = MessageDigest.getInstance("SHA-256");
    outer.update(inner);
    outer.update(salt);
    return Base64.getEncoder().encodeToString(outer.digest());
  }

  private static contractor.model.SignInInputDTO credentials(String userName, String password) throws Exception {
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    // `format: byte` is bytes here, and the mapper writes base64.
    return new contractor.model.SignInInputDTO().userName(userName).salt(salt)
        .hashedPassword(Base64.getDecoder().decode(hashed(password, salt)));
  }

  private static contractor.ApiClient user(String url, String userName, String password) throws Exception {
    contractor.api.UserApi users = new contractor.api.UserApi(contractorClient(url, null));
    return contractorClient(url, "x-user " + users.signIn(credentials(userName, password)).getAccess().getToken());
  }

  private static void contractorSignsIn(String url) throws Exception {
    byte[] salt = bytes(16);
    same(hashed("Passw0rd", salt), "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=", "ASCII password");
    same(hashed("Пароль1", salt), "hbkaxVmvHj/j/Z+qOZ9F2JmoslNI851u0gbHfDUVeBE=", "Cyrillic password");
    contractor.model.UserDTO ivanov = new contractor.api.UserApi(user(url, "ivanov", "Passw0rd")).getSelf();
    same(list(ivanov.getId(), ivanov.getName()), list(7L, "ivanov"), "getSelf");
    contractor.model.UserDTO petrova = new contractor.api.UserApi(user(url, "petrova", "Пароль1")).getSelf();
    same(list(petrova.getId(), petrova.getName()), list(8L, "petrova"), "getSelf");
    contractor.api.UserApi anyone = new contractor.api.UserApi(contractorClient(url, null));
    contractor.model.AccessServiceTokensDTO tokens = anyone.signIn(credentials("ivanov", "Passw0rd"));
    same(list(tokens.getAccess().getExpiresIn(), tokens.getService().getExpiresIn()), list(3_600_000L, null), "expiresIn");
    contractor.ApiClient service = contractorClient(url, "x-user-service " + tokens.getService().getToken());
    String renewed = new contractor.api.UserApi(service).renewTokens().getAccess().getToken();
    same(renewed.equals(tokens.getAccess().getToken()), false, "a new token");
    for (List<Object> one : List.of(list("ivanov", "wrong", 1), list("sidorov", "Locked99", 5))) {
      contractor.model.SignInInputDTO wrong = credentials((String) one.get(0), (String) one.get(1));
      contractor.ApiException error = contractorFails(() -> anyone.signIn(wrong), "a refused sign-in");
      Integer code = body(error.getResponseBody(), contractor.model.ErrorDTO.class).getErrorCode();
      same(list(error.getCode(), code), list(401, one.get(2)), "a refused sign-in");
    }
  }

  private static OffsetDateTime utc(int day, int hour, int minute) {
    return OffsetDateTime.of(2026, 3, day, hour, minute, 0, 0, ZoneOffset.UTC);
  }

  private static void contractorLifeAndModes(String url, Sandbox sandbox) throws Exception {
    contractor.ApiClient desk = contractorClient(url, "x-external-system desk-key");
    contractor.ApiClient me = user(url, "ivanov", "Passw0rd");
    contractor.api.CallApi calls = new contractor.api.CallApi(me);
    contractor.api.CallApi deskCalls = new contractor.api.CallApi(desk);
    contractor.api.CallTaskApi tasks = new contractor.api.CallTaskApi(me);
    contractor.api.CallTaskApi deskTasks = new contractor.api.CallTaskApi(desk);
    contractor.api.CallCostApi costs = new contractor.api.CallCostApi(me);
    contractor.api.CallCostApi deskCosts = new contractor.api.CallCostApi(desk);
    contractor.model.PostCallOutputDTO created = deskCalls.createCall(new contractor.model.CallInputDTO()
        .availableExpenditureItems(List.of(new contractor.model.PostExpenditureItemInputDTO().name("Проезд")))
        .clientName("ООО «Ромашка»").created(utc(2, 8, 15)).descriptionHtmlText("<p>Касса</p>")
        .descriptionTextForFieldEmployee("Касса").ownerId(7L).serviceObjectAddress("Москва").serviceObjectLatitude(55.7793)
        .serviceObjectLongitude(37.5863).serviceObjectName("Магазин № 12")
        .tasks(List.of(new contractor.model.PostCallTaskInputDTO().title("Заменить принтер"))).ttf(utc(3, 18, 0)));
    Long call = created.getId();
    Long task = created.getTasks().get(0).getId();
    contractor.model.CallDTO read = deskCalls.getCall(call);
    same(list(read.getStatus(), read.getClientName(), read.getTtf().toInstant(), read.getCommited()),
        list(contractor.model.CallStatus.NEW, "ООО «Ромашка»", utc(3, 18, 0).toInstant(), null), "getCall");
    deskCalls.updateCall(call, new contractor.model.PatchCallInputDTO().tto(utc(2, 12, 0)));
    contractor.model.PostCallStatusOutputDTO moments = calls.setCallStatus(call,
        new contractor.model.CallStatusInputDTO().status(contractor.model.CallStatus.COMMITTED).comments("Принято"));
    same(list(moments.getCommited() == null, moments.getFinished()), list(false, null), "setCallStatus");
    String link = calls.createCallTempLink(call);
    contractor.api.SharedApi shared = new contractor.api.SharedApi(contractorClient(url, null));
    same(shared.getSharedCall(link).getId(), call, "getSharedCall");
    contractor.model.CallMessage said =
        calls.addUserMessage(call, new contractor.model.PostCallMessageInputDTO().message("Выезжаю"));
    same(list(said.getMessage(), said.getOwner().getName()), list("Выезжаю", "ivanov"), "addUserMessage");
    Long raised = calls.raiseJeopardy(call, new contractor.model.PostCallJeopardyInputDTO().comment("Нет принтера")).getId();
    deskCalls.clearJeopardy(call, new contractor.model.PostExternalCallJeopardyInputDTO().answerComment("Выдан"));
    contractor.model.CallJeopardyDTO jeopardy = deskCalls.getCall(call).getJeopardies().get(0);
    same(list(jeopardy.getId(), jeopardy.getComment(), jeopardy.getAnswerComment()), list(raised, "Нет принтера", "Выдан"),
        "the jeopardy");
    tasks.setCallTaskStatus(task,
        new contractor.model.CallTaskStatusInputDTO().status(contractor.model.CallTaskStatus.DONE));
    byte[] content = bytes(10_240);
    contractor.model.CallTaskAttachmentDTO file = tasks.uploadCallTaskAttachment(task, file("akt.pdf", content));
    same(list(file.getName(), file.getType()), list("akt.pdf", contractor.model.CallTaskAttachmentType.PDF), "the file");
    same(has(tasks.downloadCallTaskAttachment(task, file.getId()), content), true, "its bytes");
    same(deskTasks.getCallTask(task).getResult().getAttachments().get(0).getId(), file.getId(), "the result");
    costs.createCallCost(call);
    Long item = read.getAvailableExpenditureItems().get(0).getId();
    Long expense = costs.addExpense(call,
        new contractor.model.PostExpenseInputDTO().count(1.0).expenditureItemId(item)).getId();
    Long material = costs.addMaterial(call, new contractor.model.PostMaterialInputDTO().count(1.0).name("Принтер")
        .ownerType(contractor.model.MaterialOwnerType.CONTRACTOR).price(18500.5).serialNumber("PRN-1")).getId();
    costs.updateExpense(call, expense, new contractor.model.PatchExpenseInputDTO().count(2.5));
    costs.submitCallCost(call);
    deskCosts.setCallCostApproval(call, new contractor.model.PatchCallCostApprovalStatusInputDTO()
        .expenses(Map.of(expense.toString(), contractor.model.ApprovalStatus.APPROVED))
        .materials(Map.of(material.toString(), contractor.model.ApprovalStatus.REJECTED)));
    contractor.model.CallCostDTO cost = deskCosts.getCallCost(call);
    same(list(cost.getExpenses().get(0).getCount(), cost.getExpenses().get(0).getStatus()),
        list(2.5, contractor.model.ApprovalStatus.APPROVED), "expenses");
    contractor.model.MaterialDTO part = cost.getMaterials().get(0);
    same(list(part.getPrice(), part.getOwnerType(), part.getStatus()),
        list(18500.5, contractor.model.MaterialOwnerType.CONTRACTOR, contractor.model.ApprovalStatus.REJECTED), "materials");
    same(deskCosts.getCallCost(683_913L), null, "no estimate");
    calls.setCallStatus(call,
        new contractor.model.CallStatusInputDTO().status(contractor.model.CallStatus.DONE).comments("Готово"));
    deskCalls.closeCall(call);
    same(deskCalls.listCallChanges(0L).stream().filter(one -> one.getId().equals(call)).map(one -> one.getStatus())
        .collect(Collectors.toList()), List.of(contractor.model.CallStatus.CLOSED), "the feed");
    contractor.ApiException closed = contractorFails(
        () -> calls.addUserMessage(call, new contractor.model.PostCallMessageInputDTO().message("?")), "a closed call");
    same(closed.getCode(), 409, "a closed call");
    contractor.ApiException nothing = contractorFails(() -> costs.addExpense(call + 1,
        new contractor.model.PostExpenseInputDTO().count(1.0).expenditureItemId(1L)), "no call");
    same(list(nothing.getCode(), body(nothing.getResponseBody(), contractor.model.ErrorDTO.class).getErrorCode()), list(404, 1),
        "addExpense to no call");

    contractor.model.CallDTO before = deskCalls.getCall(call);
    // How much each operation returns that only reads.
    Callable<List<Object>> everything = () -> list(deskCalls.listCallChanges(0L).size(),
        deskCalls.listJeopardyChanges(0L).size(), deskCalls.listMessageChanges(0L).size(), deskTasks.listCallTasks().size(),
        deskCalls.getCall(call) != null, deskCosts.getCallCost(call) != null, deskTasks.getCallTask(task) != null,
        tasks.getCallTaskResult(task) != null, new contractor.api.UserApi(me).getSelf() != null,
        shared.getSharedCall(link) != null, shared.getSharedTaskResult(task, link) != null);
    List<Object> allOfIt = everything.call();
    for (String mode : List.of("nulls", "unknownEnumValues", "noOffsets")) {
      sandbox.mode("contractor", mode);
      same(everything.call(), allOfIt, "everything with " + mode);
    }
    sandbox.mode("contractor", "nulls");
    for (contractor.model.CallDTO one : List.of(deskCalls.getCall(call), deskCalls.listCallChanges(0L).get(0))) {
      same(list(one.getStatus(), one.getClientName(), one.getTtf(), one.getTasks()), list(null, null, null, null), "nulls");
    }
    same(deskTasks.getCallTask(task).getResult(), null, "a result that is null");
    same(deskCosts.getCallCost(call).getExpenses(), null, "expenses that are null");
    sandbox.mode("contractor", "unknownEnumValues");
    contractor.model.CallDTO unknown = deskCalls.getCall(call);
    // The value itself is lost: enums that may be null have null for what they don't know.
    same(list(unknown.getStatus(), unknown.getClientName()), list(null, before.getClientName()), "an unknown status");
    sandbox.mode("contractor", "noOffsets");
    OffsetDateTime local = deskCalls.getCall(call).getCreated();
    same(local, before.getCreated().toLocalDateTime().atOffset(Mapper.LOCAL), "a time without an offset");
    sandbox.mode("contractor", "emptyFailures");
    contractor.ApiException failure = contractorFails(() -> deskCalls.getCall(1L), "an empty failure");
    same(list(failure.getCode(), body(failure.getResponseBody(), contractor.model.ErrorDTO.class)), list(404, null),
        "an empty failure");
    sandbox.mode("contractor");
  }

  // API BPM

  /** A session: the cookies of the sign-in, and one of them as a header too. */
  private static final class CrptSession {
    final crpt.ApiClient client = new crpt.ApiClient();
    crpt.model.LoginResponse response;

    CrptSession(String url, String userName, String password) throws Exception {
      client.updateBaseUri(url);
      client.setObjectMapper(MAPPER);
      crpt.ApiResponse<crpt.model.LoginResponse> login = new crpt.api.SessionApi(client).loginWithHttpInfo(
          crpt.model.ForceUseSession.TRUE, new crpt.model.LoginRequest().userName(userName).userPassword(password));
      response = login.getData();
      List<String> cookies = new ArrayList<>();
      login.getHeaders().getOrDefault("set-cookie", List.of()).forEach(one -> cookies.add(one.split(";")[0]));
      String csrf = cookies.stream().filter(one -> one.startsWith("BPMCSRF=")).findFirst().orElse("BPMCSRF=").substring(8);
      client.setRequestInterceptor(
          request -> request.header("Cookie", String.join("; ", cookies)).header("BPMCSRF", csrf));
    }
  }

  private static void crptLifeAndModes(String url, Sandbox sandbox) throws Exception {
    crpt.model.LoginResponse refused = new CrptSession(url, "ivan.petrov", "wrong").response;
    same(list(refused.getCode(), refused.getException().getType()), list(1, "System.Security.SecurityException"), "refused");
    same(new CrptSession(url, "anna.smirnova", "Пароль1").response.getCode(), 0, "a Cyrillic password");
    CrptSession session = new CrptSession(url, "ivan.petrov", "Petr0v-1");
    same(session.response.getCode(), 0, "a sign-in");
    crpt.api.CaseApi cases = new crpt.api.CaseApi(session.client);
    crpt.api.FileApi files = new crpt.api.FileApi(session.client);
    String number = cases.createCase(new crpt.model.CaseInput().subject("Вопрос").symptoms("Нет выписки")).getData();
    byte[] content = bytes(768);
    String link = files.attachFile("акт 1.pdf", number, file("akt.pdf", content), 768L).getData();
    String message = cases.addMessage(new crpt.model.MessageInput().number(number).message("Проверьте")).getData();
    crpt.model.ModelCase read = cases.getCase(number).getData();
    crpt.model.Message last = read.getMessages().get(read.getMessages().size() - 1);
    same(list(read.getSubject(), read.getStatus(), last.getId(), last.getText()),
        list("Вопрос", "Открыто", message, "Проверьте"), "getCase");
    List<crpt.model.ModelFile> all =
        read.getMessages().stream().flatMap(one -> one.getFiles().stream()).collect(Collectors.toList());
    same(list(all.size(), all.get(0).getName(), all.get(0).getSize(), all.get(0).getUrl()), list(1, "акт 1.pdf", "768", link),
        "the file");
    String[] parts = link.split("/");
    same(has(files.downloadFile(parts[parts.length - 2], parts[parts.length - 1]), content), true, "its bytes");
    same(cases.listCases(Map.of("number", number)).getData().get(0).getNumber(), number, "listCases");
    same(cases.updateCase(new crpt.model.CaseUpdate().number("SR00684153").status(crpt.model.CaseAction.CLOSE)
        .satisfactionlevel(5)).getData(), "SR00684153", "updateCase");
    crpt.model.CaseResponse missing = cases.getCase("SR00000000");
    same(list(missing.getData(), missing.getError()), list(null, "case not found"), "a failure under 200");

    // How much each operation returns that only reads.
    Callable<List<Object>> everything = () -> list(cases.listCases(Map.of("number", number)).getData().size(),
        cases.getCase(number).getData().getMessages().size(),
        files.downloadFile(parts[parts.length - 2], parts[parts.length - 1]).length());
    List<Object> allOfIt = everything.call();
    for (String mode : List.of("nulls", "unknownEnumValues", "noOffsets")) {
      sandbox.mode("crpt", mode);
      same(everything.call(), allOfIt, "everything with " + mode);
    }
    sandbox.mode("crpt", "nulls");
    crpt.model.CaseResponse nulls = cases.getCase(number);
    same(list(nulls.getData().getSubject(), nulls.getData().getStatusCode(), nulls.getError()), list("Вопрос", null, null), "nulls");
    sandbox.mode("crpt", "unknownEnumValues");
    same(cases.getCase(number).getData().getStatus().equals("Открыто"), false, "an unknown status");
    sandbox.mode("crpt", "emptyFailures");
    crpt.ApiClient stranger = new crpt.ApiClient();
    stranger.updateBaseUri(url);
    crpt.ApiException failure = crptFails(() -> new crpt.api.CaseApi(stranger).getCase(number), "an empty failure");
    same(list(failure.getCode() == 401 || failure.getCode() == 403, body(failure.getResponseBody(), crpt.model.Failure.class)),
        list(true, null), "an empty failure");
    sandbox.mode("crpt");
  }

  // MSB partner API

  private static void legalcaseLifeAndModes(String url, Sandbox sandbox) throws Exception {
    legalcase.ApiClient client = new legalcase.ApiClient();
    client.updateBaseUri(url);
    legalcase.api.ClientApi clients = new legalcase.api.ClientApi(client);
    legalcase.api.LegalCaseApi cases = new legalcase.api.LegalCaseApi(client);
    legalcase.api.CommentApi comments = new legalcase.api.CommentApi(client);
    legalcase.api.DocumentApi documents = new legalcase.api.DocumentApi(client);
    legalcase.model.ClientInput company = new legalcase.model.ClientInput().inn("7719283390").ogrn("1187746123452")
        .organization("ООО «Ромашка»").tariff("Базовый");
    String who = clients.registerClient(company).getId();
    clients.updateClient(who, company);
    String legalCase = cases.createLegalCase(who, new legalcase.model.LegalCaseInput().ogrn("1187746123452")
        .deal(new legalcase.model.Deal().text("Предоплата"))
        .representative(new legalcase.model.Representative().surname("Петров").name("Иван"))).getId();
    String comment = comments.addComment(who, legalCase, new legalcase.model.CommentInput().comment("Вот")).getId();
    byte[] content = bytes(1280);
    String document = documents.addDocument(who, legalCase, comment, file("dogovor.pdf", content)).getId();
    same(has(documents.downloadDocument(who, legalCase, comment, document), content), true, "the document");
    same(new HashSet<>(List.of(who, legalCase, comment, document)).size(), 4, "four ids");
    cases.updateLegalCase(who, legalCase, new legalcase.model.LegalCaseUpdate().read(true));
    comments.deleteComment(who, legalCase, comment);
    cases.deleteLegalCase(who, legalCase);
    same(legalcaseFails(() -> comments.addComment(who, legalCase, new legalcase.model.CommentInput().comment("?")), "no case")
        .getCode(), 404, "a comment on no case");

    sandbox.mode("legalcase", "emptyFailures");
    legalcase.ApiException failure = legalcaseFails(() -> clients.deleteClient("c-0"), "an empty failure");
    same(list(failure.getCode(), body(failure.getResponseBody(), JsonNode.class)), list(404, null), "an empty failure");
    sandbox.mode("legalcase");
  }

  // CP MSP callback applications

  private static void callbackLifeAndModes(String url, Sandbox sandbox) throws Exception {
    callback.ApiClient client = new callback.ApiClient();
    client.updateBaseUri(url);
    callback.api.SessionApi session = new callback.api.SessionApi(client);
    String login = "integration@oip.example";
    callback.ApiException wrong = callbackFails(
        () -> session.authenticate(new callback.model.Credentials().login(login).password("?")), "a wrong password");
    callback.model.Failure reason = body(wrong.getResponseBody(), callback.model.Failure.class);
    same(list(wrong.getCode(), reason.getStatusCode(), reason.getData().getType()), list(401, 401, "Not authorized"),
        "a wrong password");
    String token =
        session.authenticate(new callback.model.Credentials().login(login).password("Petr0v-1")).getData().getToken();
    client.setRequestInterceptor(request -> request.header("x-auth-jwt-token", token));
    callback.api.ApplicationApi applications = new callback.api.ApplicationApi(client);
    callback.model.BatchResponse batch = applications.fetchApplications(2);
    same(batch.getApplications().stream().map(one -> list(one.getApplicationId(), one.getDateCreation(), one.getOpf().trim()))
        .collect(Collectors.toList()), List.of(list("111", "2022-29-12", "legalEntity"),
        list("112", "2022-12-30", "entrepreneur")), "the batch");
    same(applications.commitBatch(batch.getCommit()).getStatusCode(), 200, "commitBatch");
    for (String id : List.of("111", "112")) {
      callback.model.RegisteredOrRendered registered = new callback.model.RegisteredOrRendered().applicationId(id)
          .status(callback.model.RegisteredOrRenderedStatus.REGISTERED);
      same(applications.reportStatus(new callback.model.StatusReport(registered)).getStatusCode(), 200, "reportStatus");
    }
    callback.model.RegisteredOrRendered rendered = new callback.model.RegisteredOrRendered().applicationId("111")
        .status(callback.model.RegisteredOrRenderedStatus.RENDERED);
    same(applications.reportStatus(new callback.model.StatusReport(rendered)).getStatusCode(), 200, "reportStatus");
    callback.model.Rejected rejected = new callback.model.Rejected().applicationId("112").comment("Не ответил")
        .status(callback.model.RejectedStatus.REJECTED);
    same(applications.reportStatus(new callback.model.StatusReport(rejected)).getStatusCode(), 200, "a rejection");
    callback.model.RegisteredOrRendered nobody = new callback.model.RegisteredOrRendered().applicationId("0")
        .status(callback.model.RegisteredOrRenderedStatus.REGISTERED);
    callback.ApiException unknown =
        callbackFails(() -> applications.reportStatus(new callback.model.StatusReport(nobody)), "no application");
    same(list(unknown.getCode(), body(unknown.getResponseBody(), callback.model.Failure.class).getData().getType()),
        list(400, "Application not found"), "no application");
    callback.model.Acknowledgement under200 = applications.commitBatch("no-such-batch");
    same(list(under200.getStatusCode(), under200.getData().getType()), list(400, "Format-logical control error"), "under 200");

    int allOfIt = applications.fetchApplications(null).getApplications().size();
    for (String mode : List.of("nulls", "unknownEnumValues", "noOffsets")) {
      sandbox.mode("callback", mode);
      same(applications.fetchApplications(null).getApplications().size(), allOfIt, "a batch with " + mode);
    }
    sandbox.mode("callback", "nulls");
    callback.model.Application one = applications.fetchApplications(1).getApplications().get(0);
    same(list(one.getApplicationId(), one.getSurname(), one.getOpf()), list("113", null, null), "an application of nulls");
    sandbox.mode("callback", "unknownEnumValues");
    String opf = applications.fetchApplications(1).getApplications().get(0).getOpf();
    same(list(opf == null, "selfEmployed".equals(opf)), list(false, false), "an unknown legal form");
    sandbox.mode("callback", "emptyFailures");
    callback.ApiClient stranger = new callback.ApiClient();
    stranger.updateBaseUri(url);
    callback.ApiException failure =
        callbackFails(() -> new callback.api.ApplicationApi(stranger).fetchApplications(1), "an empty failure");
    same(list(failure.getCode(), body(failure.getResponseBody(), callback.model.Failure.class)), list(401, null),
        "an empty failure");
    sandbox.mode("callback");
  }

  public static void main(String[] arguments) throws Exception {
    String control = "http://127.0.0.1:8100";
    String broken = null;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      if (arguments[i].equals("--control")) {
        control = arguments[i + 1];
      } else if (arguments[i].equals("--break")) {
        broken = arguments[i + 1];
      } else {
        throw new IllegalArgumentException(arguments[i]);
      }
    }
    Sandbox sandbox = new Sandbox(control, broken);
    contractorSignsIn(sandbox.urls.get("contractor"));
    contractorLifeAndModes(sandbox.urls.get("contractor"), sandbox);
    crptLifeAndModes(sandbox.urls.get("crpt"), sandbox);
    legalcaseLifeAndModes(sandbox.urls.get("legalcase"), sandbox);
    callbackLifeAndModes(sandbox.urls.get("callback"), sandbox);
    sandbox.reset();
    System.out.println(count + " values are as they should be");
  }

  private Driver() {}
}
