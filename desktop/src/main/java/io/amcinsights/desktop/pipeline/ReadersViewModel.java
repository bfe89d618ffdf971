package io.amcinsights.desktop.pipeline;

import io.amcinsights.contract.Access;
import io.amcinsights.contract.Access.Mode;
import io.amcinsights.contract.Grant;
import io.amcinsights.contract.LakeRequest.ListGrants;
import io.amcinsights.contract.LakeRequest.PutGrant;
import io.amcinsights.contract.LakeRequest.RemoveGrant;
import io.amcinsights.contract.Principals;
import io.amcinsights.contract.Request;
import io.amcinsights.contract.Tenant;
import io.amcinsights.contract.TenantRequest.ListTenants;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.common.ViewState;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who may read the lake, and the form that changes it. */
public final class ReadersViewModel {

    private static final Messages MESSAGES = Messages.of(ReadersViewModel.class);

    /** A tenant that may be chosen. */
    record Choice(String tenantId, String name, BooleanProperty chosen) {}

    /**
     * What is being entered.
     *
     * @param before the grant that is changed; null for a new one
     */
    record Draft(
            @Nullable Grant before,
            StringProperty principal,
            BooleanProperty all,
            List<Choice> tenants) {}

    private final Backend backend;
    private final Tasks tasks;
    private final Dialogs dialogs;
    private final Toasts toasts;
    private final List<String> roles;
    private final ReadOnlyObjectWrapper<ViewState> state =
            new ReadOnlyObjectWrapper<>(ViewState.LOADING);
    private final ReadOnlyObjectWrapper<@Nullable Access> access = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Draft> draft = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Problem> refused = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable String> wrong = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private List<Tenant> tenants = List.of();

    /**
     * @param roles ARNs that are known to be there
     */
    public ReadersViewModel(
            Backend backend, Tasks tasks, Dialogs dialogs, Toasts toasts, List<String> roles) {
        this.backend = backend;
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.toasts = toasts;
        this.roles = List.copyOf(roles);
    }

    private record Found(Access access, List<Tenant> tenants) {}

    /** Asks who may read now. */
    void open() {
        draft.set(null);
        refused.set(null);
        state.set(ViewState.LOADING);
        tasks.run(
                        () ->
                                new Found(
                                        backend.call(new ListGrants()),
                                        backend.call(new ListTenants()).tenants()))
                .onSuccess(
                        found -> {
                            tenants =
                                    found.tenants().stream()
                                            .sorted(Comparator.comparing(Tenant::name))
                                            .toList();
                            access.set(found.access());
                            state.set(ViewState.CONTENT);
                        })
                .onFailure(problem -> state.set(new ViewState.Failed(problem, this::open)))
                .start();
    }

    /** Begins a new grant. */
    void add() {
        edit(null);
    }

    void edit(@Nullable Grant before) {
        refused.set(null);
        wrong.set(null);
        Draft entered =
                new Draft(
                        before,
                        new SimpleStringProperty(before == null ? "" : before.principal()),
                        new SimpleBooleanProperty(before != null && before.all()),
                        tenants.stream()
                                .map(
                                        t ->
                                                new Choice(
                                                        t.tenantId(),
                                                        t.name(),
                                                        new SimpleBooleanProperty(
                                                                before != null
                                                                        && before.tenants()
                                                                                .contains(
                                                                                        t
                                                                                                .tenantId()))))
                                .toList());
        entered.principal().subscribe(() -> wrong.set(null));
        entered.all().subscribe(() -> wrong.set(null));
        entered.tenants().forEach(c -> c.chosen().subscribe(() -> wrong.set(null)));
        draft.set(entered);
    }

    void leave() {
        draft.set(null);
        refused.set(null);
    }

    /** Grants what is entered, when the person agrees to it in words. */
    void save() {
        Draft entered = draft.get();
        if (entered == null) {
            return;
        }
        String principal = entered.principal().get().strip();
        List<Choice> chosen = entered.tenants().stream().filter(c -> c.chosen().get()).toList();
        boolean all = entered.all().get();
        wrong.set(Principals.problem(principal).orElse(null));
        if (wrong.get() != null) {
            return;
        }
        if (!all && chosen.isEmpty()) {
            wrong.set(MESSAGES.text("readers.noTenant"));
            return;
        }
        Grant before = entered.before();
        if (before == null && grants().stream().anyMatch(g -> g.principal().equals(principal))) {
            wrong.set(MESSAGES.text("readers.known"));
            return;
        }
        String name = Principals.name(principal);
        String message =
                all
                        ? MESSAGES.text("readers.confirm.all", name)
                        : MESSAGES.text(
                                "readers.confirm.some",
                                name,
                                String.join(", ", chosen.stream().map(Choice::name).toList()));
        if (!dialogs.confirm(
                MESSAGES.text("readers.confirm", name),
                message,
                MESSAGES.text("readers.confirm.do"))) {
            return;
        }
        call(
                new PutGrant(
                        principal,
                        all,
                        all ? List.of() : chosen.stream().map(Choice::tenantId).toList(),
                        before == null ? 0 : before.version()),
                MESSAGES.text("readers.granted", name));
    }

    /** Takes a grant back, when the person agrees to what follows. */
    void remove(Grant grant) {
        String name = Principals.name(grant.principal());
        if (dialogs.confirm(
                MESSAGES.text("readers.remove", name),
                MESSAGES.text("readers.remove." + mode(), name),
                MESSAGES.text("readers.remove.do"))) {
            call(new RemoveGrant(grant.principal()), MESSAGES.text("readers.removed", name));
        }
    }

    private void call(Request<Access> request, String done) {
        busy.set(true);
        refused.set(null);
        tasks.run(() -> backend.call(request))
                .onSuccess(
                        now -> {
                            access.set(now);
                            draft.set(null);
                            toasts.done(done);
                        })
                .onFailure(refused::set)
                .andFinally(() -> busy.set(false))
                .start();
    }

    Mode mode() {
        Access now = access.get();
        return now == null ? Mode.OFF : now.mode();
    }

    /** By the names that people call them. */
    List<Grant> grants() {
        Access now = access.get();
        return now == null
                ? List.of()
                : now.grants().stream()
                        .sorted(Comparator.comparing((Grant g) -> Principals.name(g.principal())))
                        .toList();
    }

    /** Whom a new grant may be for, as far as they are known. */
    List<String> known() {
        Set<String> known = new TreeSet<>(roles);
        Access now = access.get();
        if (now != null) {
            now.foreign().stream()
                    .map(Access.Foreign::principal)
                    .filter(p -> Principals.problem(p).isEmpty())
                    .forEach(known::add);
            now.grants().forEach(g -> known.remove(g.principal()));
        }
        return new ArrayList<>(known);
    }

    /** Whose rows a grant shows, in words. */
    String rows(Grant grant) {
        if (grant.removed()) {
            return MESSAGES.text("readers.beingRemoved");
        }
        if (grant.all()) {
            return MESSAGES.text("readers.allTenants");
        }
        Map<String, String> names =
                tenants.stream().collect(Collectors.toMap(Tenant::tenantId, Tenant::name));
        return String.join(
                ", ", grant.tenants().stream().map(id -> names.getOrDefault(id, id)).toList());
    }

    ReadOnlyObjectProperty<ViewState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<@Nullable Access> accessProperty() {
        return access.getReadOnlyProperty();
    }

    /** What is being entered; null while the list is shown. */
    ReadOnlyObjectProperty<@Nullable Draft> draftProperty() {
        return draft.getReadOnlyProperty();
    }

    /** Why nothing was changed. */
    ReadOnlyObjectProperty<@Nullable Problem> refusedProperty() {
        return refused.getReadOnlyProperty();
    }

    /** What is wrong with what is entered; null where nothing is. */
    ReadOnlyObjectProperty<@Nullable String> wrongProperty() {
        return wrong.getReadOnlyProperty();
    }

    ReadOnlyBooleanProperty busyProperty() {
        return busy.getReadOnlyProperty();
    }
}
