import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a client of openapi-generator's {@code java}, library {@code native}, makes of each response. */
public final class Probe {
  private interface Call {
    Object run(String url) throws Exception;
  }

  private static String base;

  private static void show(String name, Call call) throws Exception {
    ObjectMapper mapper = contractor.ApiClient.createDefaultObjectMapper();
    try {
      System.out.println(name + "\t" + mapper.writeValueAsString(call.run(base + "/" + name)));
    } catch (Exception error) {
      Map<String, Object> failure = new HashMap<>();
      failure.put("exception", error.getClass().getSimpleName());
      if (error instanceof contractor.ApiException) {
        failure.put("status", ((contractor.ApiException) error).getCode());
      }
      System.out.println(name + "\t" + mapper.writeValueAsString(Map.of("failure", failure)));
    }
  }

  private static contractor.ApiClient contractor(String url) {
    contractor.ApiClient client = new contractor.ApiClient();
    client.updateBaseUri(url);
    return client;
  }

  private static crpt.ApiClient crpt(String url) {
    crpt.ApiClient client = new crpt.ApiClient();
    client.updateBaseUri(url);
    return client;
  }

  private static callback.ApiClient callback(String url) {
    callback.ApiClient client = new callback.ApiClient();
    client.updateBaseUri(url);
    return client;
  }

  public static void main(String[] arguments) throws Exception {
    base = arguments[0];
    File file = new File(arguments[1]);
    for (String name : List.of("plain", "nulls", "unknown", "local", "empty")) {
      show(name, url -> new contractor.api.CallApi(contractor(url)).getCall(1L));
    }
    show("nullref", url -> new contractor.api.CallApi(contractor(url)).addUserMessage(1L,
        new contractor.model.PostCallMessageInputDTO().message("m")));
    show("code", url -> new contractor.api.CallCostApi(contractor(url)).addExpense(1L,
        new contractor.model.PostExpenseInputDTO().count(1.0).expenditureItemId(1L)));
    show("none", url -> new contractor.api.CallCostApi(contractor(url)).getCallCost(1L));
    show("credential", url -> new contractor.api.UserApi(contractor(url)).getSelf());
    show("multipart", url -> new contractor.api.CallTaskApi(contractor(url)).uploadCallTaskAttachment(1L, file));
    show("success", url -> new crpt.api.CaseApi(crpt(url)).getCase("SR1"));
    show("under200", url -> new crpt.api.CaseApi(crpt(url)).getCase("SR1"));
    show("octets", url -> new crpt.api.FileApi(crpt(url)).attachFile("акт.pdf", "SR1", file, file.length()));
    show("batch", url -> new callback.api.ApplicationApi(callback(url)).fetchApplications(1));
    show("refused", url -> new callback.api.ApplicationApi(callback(url)).fetchApplications(1));
  }

  private Probe() {}
}
