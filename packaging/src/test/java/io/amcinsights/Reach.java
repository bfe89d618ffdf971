package io.amcinsights;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaFieldAccess;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The calls of AWS that a program can come to, read from its bytecode: method by method, through
 * lambdas, method references and the implementations of what is called. Of a type that is never
 * made, no method is taken as an implementation.
 */
final class Reach {

    /**
     * A call of an operation of AWS.
     *
     * @param service the SDK's package, such as {@code s3}
     * @param method of the SDK's client
     */
    record Call(String service, String method) {}

    private static final Pattern CLIENT =
            Pattern.compile("software\\.amazon\\.awssdk\\.services\\.(\\w+)\\.\\w+Client");

    /** Parts of the SDK that call nothing, or only as a client's operation that is seen itself. */
    private static final Pattern HARMLESS =
            Pattern.compile(
                    "software\\.amazon\\.awssdk\\.((core|awscore|auth|http|profiles|regions|utils)\\..*"
                        + "|services\\.\\w+\\.((model|paginators)\\..*|\\w+ClientBuilder))");

    private static final Set<String> NO_OPERATIONS =
            Set.of(
                    "builder",
                    "create",
                    "close",
                    "serviceName",
                    "serviceClientConfiguration",
                    "serviceMetadata",
                    "utilities");

    private final Set<JavaCodeUnit> reached = new LinkedHashSet<>();
    private final Deque<JavaCodeUnit> open = new ArrayDeque<>();
    private final Set<JavaClass> made = new HashSet<>();
    private final List<CodeUnitAccessTarget> asked = new ArrayList<>();
    private final Set<Call> calls = new LinkedHashSet<>();
    private final Set<String> unknown = new TreeSet<>();

    private Reach() {}

    /** From everything that an object of a class does, its constructors included. */
    static Reach of(JavaClass start) {
        Reach reach = new Reach();
        reach.make(start);
        start.getCodeUnits().forEach(reach::enter);
        reach.walk();
        return reach;
    }

    /** From everything that there is. */
    static Reach of(JavaClasses all) {
        Reach reach = new Reach();
        for (JavaClass each : all) {
            each.getCodeUnits().forEach(reach::enter);
        }
        reach.walk();
        return reach;
    }

    Set<Call> calls() {
        return calls;
    }

    /** Classes of the SDK that are used and may call AWS in a way that is not understood here. */
    Set<String> unknown() {
        return unknown;
    }

    private void walk() {
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.remove();
            unit.getCallsFromSelf().forEach(call -> target(call.getTarget()));
            unit.getCodeUnitReferencesFromSelf().forEach(call -> target(call.getTarget()));
            for (JavaFieldAccess access : unit.getFieldAccesses()) {
                initialize(access.getTargetOwner());
            }
        }
    }

    private void target(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = owner.getName();
        Matcher client = CLIENT.matcher(name);
        if (client.matches()) {
            if (!NO_OPERATIONS.contains(target.getName())) {
                calls.add(new Call(client.group(1), target.getName()));
            }
            return;
        }
        if (name.startsWith("software.amazon.awssdk.") && !HARMLESS.matcher(name).matches()) {
            unknown.add(name);
        }
        if (!ours(owner)) {
            return;
        }
        initialize(owner);
        target.resolveMember().ifPresent(this::enter);
        if (target.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)) {
            make(owner);
            return;
        }
        asked.add(target);
        made.stream().filter(c -> c.isAssignableTo(name)).forEach(c -> answer(c, target));
    }

    private void make(JavaClass type) {
        if (!made.add(type)) {
            return;
        }
        initialize(type);
        List.copyOf(asked).stream()
                .filter(target -> type.isAssignableTo(target.getOwner().getName()))
                .forEach(target -> answer(type, target));
        // a library calls it through a type of its own
        Stream.concat(type.getAllRawInterfaces().stream(), type.getAllRawSuperclasses().stream())
                .filter(above -> !ours(above))
                .flatMap(above -> above.getMethods().stream())
                .forEach(above -> answer(type, above.getName(), above.getRawParameterTypes()));
    }

    /** What an object does when it is called so. */
    private void answer(JavaClass type, String method, List<JavaClass> parameters) {
        type.getAllMethods().stream()
                .filter(m -> m.getName().equals(method))
                .filter(m -> m.getRawParameterTypes().equals(parameters))
                .forEach(this::enter);
    }

    private void answer(JavaClass type, CodeUnitAccessTarget target) {
        answer(type, target.getName(), target.getRawParameterTypes());
    }

    private void initialize(JavaClass type) {
        if (ours(type)) {
            type.getStaticInitializer().ifPresent(this::enter);
        }
    }

    private void enter(JavaCodeUnit unit) {
        if (ours(unit.getOwner()) && reached.add(unit)) {
            open.add(unit);
        }
    }

    private static boolean ours(JavaClass type) {
        return type.getName().startsWith("io.amcinsights.");
    }
}
