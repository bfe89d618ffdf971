package io.amcinsights.local.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A service of AWS's query protocol: {@code Action} and its parameters come as a form, the reply is
 * XML.
 */
public abstract class QueryService implements AwsService {

    /** Runs one operation; gives the XML inside of its result element. */
    @FunctionalInterface
    public interface Operation {
        String run(Form form) throws AwsError, IOException;
    }

    /** The parameters of one call. */
    public record Form(Map<String, List<String>> values) {

        /** The first value, or the empty text. */
        public String get(String name) {
            List<String> all = values.get(name);
            return all == null || all.isEmpty() ? "" : all.getFirst();
        }
    }

    private final String signingName;
    private final String namespace;

    protected QueryService(String signingName, String namespace) {
        this.signingName = signingName;
        this.namespace = namespace;
    }

    /** The operations by name, as in the service's API reference. */
    protected abstract Map<String, Operation> operations();

    @Override
    public final String signingName() {
        return signingName;
    }

    @Override
    public Reply handle(Call call) throws AwsError, IOException {
        Map<String, List<String>> values = new java.util.LinkedHashMap<>(call.query());
        values.putAll(Percent.parameters(call.text()));
        Form form = new Form(values);
        String action = form.get("Action");
        Operation operation = operations().get(action);
        if (operation == null) {
            throw new AwsError(
                    400,
                    "InvalidAction",
                    "Could not find operation " + action + " for version " + form.get("Version"));
        }
        String result = operation.run(form);
        return xml(
                200,
                "<%1$sResponse xmlns=\"%2$s\"><%1$sResult>%3$s</%1$sResult>"
                                .formatted(action, namespace, result)
                        + "<ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%sResponse>"
                                .formatted(call.requestId(), action));
    }

    @Override
    public Reply error(AwsError error, String requestId) {
        return xml(
                error.status(),
                "<ErrorResponse xmlns=\"%s\"><Error><Type>Sender</Type>".formatted(namespace)
                        + element("Code", error.code())
                        + element("Message", error.getMessage())
                        + "</Error>"
                        + element("RequestId", requestId)
                        + "</ErrorResponse>");
    }

    /** One element with text. */
    protected static String element(String name, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return "<" + name + ">" + escaped + "</" + name + ">";
    }

    private static Reply xml(int status, String text) {
        return Reply.of(status, "text/xml", text.getBytes(StandardCharsets.UTF_8));
    }
}
