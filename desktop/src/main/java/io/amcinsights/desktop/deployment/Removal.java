package io.amcinsights.desktop.deployment;

import io.amcinsights.desktop.common.Messages;

import java.util.List;

/**
 * What would become of each resource of a stack that is removed.
 *
 * @param goes what is deleted
 * @param stays what is left in the account
 */
public record Removal(List<Stacks.Existing> goes, List<Stacks.Existing> stays) {

    private static final Messages MESSAGES = Messages.of(Removal.class);

    /** Reads it from the stack and the template that it was made from. Blocks. */
    public static Removal of(Stacks stacks, DeployedStack stack) {
        Template template = stacks.template(stack.id());
        List<Stacks.Existing> all = stacks.resources(stack.id());
        return new Removal(
                all.stream().filter(each -> !kept(template, each)).toList(),
                all.stream().filter(each -> kept(template, each)).toList());
    }

    private static boolean kept(Template template, Stacks.Existing resource) {
        Template.Resource declared = template.resources().get(resource.resource());
        return declared != null && declared.kept();
    }

    /** How to be rid of something that stays, in words. */
    public static String howToDelete(Stacks.Existing resource) {
        String key = "rid." + resource.type().replace("::", ".");
        return MESSAGES.text(
                MESSAGES.bundle().containsKey(key) ? key : "rid.other", resource.physicalId());
    }
}
