package io.amcinsights.release;

import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The versions of the functions in a template. CloudFormation publishes a version once: for what
 * has changed there has to be a resource of another name, or the aliases stay with the old code.
 * And where nothing has changed there may be none, because Lambda then refuses to publish.
 */
final class Versions {

    /** Properties of a function that a version does not keep. */
    private static final Set<String> NOT_KEPT = Set.of("Tags", "ReservedConcurrentExecutions");

    /** How the template names the code; another key is no other code. */
    private static final Pattern KEY = Pattern.compile("\\$\\{ArtifactPrefix}([\\w./-]+)");

    private Versions() {}

    /**
     * Gives each version of a function a logical id that ends in a hash of the function's code and
     * properties, wherever the template names it.
     *
     * @param code the contents of the files that functions run, by their names below {@code
     *     ArtifactPrefix}
     */
    static String rename(String template, Map<String, byte[]> code) {
        Node resources = field(new Yaml().compose(new StringReader(template)), "Resources");
        Map<String, String> sums =
                code.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> hash(e.getValue())));
        String renamed = template;
        for (Map.Entry<String, Node> resource : fields(resources).entrySet()) {
            if (text(field(resource.getValue(), "Type")).equals("AWS::Lambda::Version")) {
                Node version = field(resource.getValue(), "Properties");
                Node function =
                        field(field(resources, text(field(version, "FunctionName"))), "Properties");
                String id = resource.getKey();
                renamed =
                        renamed.replaceAll(
                                "\\b" + Pattern.quote(id) + "\\b",
                                id
                                        + hash(kept(function, sums)
                                                        .getBytes(StandardCharsets.UTF_8))
                                                .substring(0, 8));
            }
        }
        return renamed;
    }

    private static String kept(Node function, Map<String, String> sums) {
        Map<String, String> kept = new TreeMap<>();
        fields(function)
                .forEach(
                        (name, value) -> {
                            if (!NOT_KEPT.contains(name)) {
                                kept.put(name, written(value));
                            }
                        });
        kept.put("Code", sum(text(field(field(function, "Code"), "S3Key")), sums));
        return kept.toString();
    }

    private static String sum(String key, Map<String, String> sums) {
        Matcher name = KEY.matcher(key);
        String sum = name.matches() ? sums.get(name.group(1)) : null;
        if (sum == null) {
            throw new IllegalArgumentException(
                    "A function of the template runs %s, which is none of %s: let the release make it."
                            .formatted(key, sums.keySet()));
        }
        return sum;
    }

    /** A value regardless of its order, comments and layout. */
    private static String written(Node node) {
        return node.getTag()
                + switch (node) {
                    case MappingNode _ -> {
                        Map<String, String> fields = new TreeMap<>();
                        fields(node).forEach((name, value) -> fields.put(name, written(value)));
                        yield fields.toString();
                    }
                    case SequenceNode sequence ->
                            sequence.getValue().stream().map(Versions::written).toList().toString();
                    default -> text(node);
                };
    }

    private static Map<String, Node> fields(Node node) {
        Map<String, Node> fields = new TreeMap<>();
        for (NodeTuple field : ((MappingNode) node).getValue()) {
            fields.put(text(field.getKeyNode()), field.getValueNode());
        }
        return fields;
    }

    private static Node field(Node node, String name) {
        Node value = fields(node).get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "The template lacks %s in%s".formatted(name, node.getStartMark()));
        }
        return value;
    }

    private static String text(Node node) {
        return ((ScalarNode) node).getValue();
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
