package io.amcinsights.desktop;

import io.amcinsights.desktop.aws.AwsAccount;
import io.amcinsights.desktop.aws.AwsProfiles;
import io.amcinsights.desktop.aws.Backend;
import io.amcinsights.desktop.aws.Installation;
import io.amcinsights.desktop.aws.Session;
import io.amcinsights.desktop.common.Appearance;
import io.amcinsights.desktop.common.Browser;
import io.amcinsights.desktop.common.DesktopFolders;
import io.amcinsights.desktop.common.Dialogs;
import io.amcinsights.desktop.common.FileOpener;
import io.amcinsights.desktop.common.FileSaver;
import io.amcinsights.desktop.common.Navigation;
import io.amcinsights.desktop.common.Preferences;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Toasts;
import io.amcinsights.desktop.deployment.Release;
import io.amcinsights.desktop.installation.InstallationController;
import io.amcinsights.desktop.installation.InstallationViewModel;
import io.amcinsights.desktop.overview.OverviewController;
import io.amcinsights.desktop.overview.OverviewViewModel;
import io.amcinsights.desktop.pipeline.DatasetsViewModel;
import io.amcinsights.desktop.pipeline.DetailViewModel;
import io.amcinsights.desktop.pipeline.DropsViewModel;
import io.amcinsights.desktop.pipeline.ExecutionViewModel;
import io.amcinsights.desktop.pipeline.PipelineController;
import io.amcinsights.desktop.pipeline.PipelineViewModel;
import io.amcinsights.desktop.pipeline.ReadersViewModel;
import io.amcinsights.desktop.queries.AthenaQueries;
import io.amcinsights.desktop.queries.EditorStore;
import io.amcinsights.desktop.queries.QueriesController;
import io.amcinsights.desktop.queries.QueriesViewModel;
import io.amcinsights.desktop.queries.ResultFolder;
import io.amcinsights.desktop.schedules.SchedulesController;
import io.amcinsights.desktop.schedules.SchedulesViewModel;
import io.amcinsights.desktop.settings.SettingsController;
import io.amcinsights.desktop.shell.MainWindow;
import io.amcinsights.desktop.shell.NoticesViewModel;
import io.amcinsights.desktop.shell.Screens;
import io.amcinsights.desktop.shell.ShellController;
import io.amcinsights.desktop.shell.ShellViewModel;
import io.amcinsights.desktop.shell.WindowDialogs;
import io.amcinsights.desktop.signin.AwsSignInViewModel;
import io.amcinsights.desktop.signin.CurrentSignIn;
import io.amcinsights.desktop.signin.IdentityCenterViewModel;
import io.amcinsights.desktop.signin.KnownInstallations;
import io.amcinsights.desktop.signin.LocalWorkspace;
import io.amcinsights.desktop.signin.SignInController;
import io.amcinsights.desktop.signin.SignInViewModel;
import io.amcinsights.desktop.tenants.BucketViewModel;
import io.amcinsights.desktop.tenants.CredentialsViewModel;
import io.amcinsights.desktop.tenants.NoticeChoiceViewModel;
import io.amcinsights.desktop.tenants.OnboardingController;
import io.amcinsights.desktop.tenants.OnboardingViewModel;
import io.amcinsights.desktop.tenants.ProvisioningViewModel;
import io.amcinsights.desktop.tenants.RegistryViewModel;
import io.amcinsights.desktop.tenants.TenantViewModel;
import io.amcinsights.desktop.tenants.TenantsController;
import io.amcinsights.desktop.tenants.TenantsViewModel;
import io.amcinsights.desktop.workflows.BatchViewModel;
import io.amcinsights.desktop.workflows.EditorController;
import io.amcinsights.desktop.workflows.EditorViewModel;
import io.amcinsights.desktop.workflows.LibraryController;
import io.amcinsights.desktop.workflows.LibraryViewModel;
import io.amcinsights.desktop.workflows.RunViewModel;
import io.amcinsights.desktop.workflows.WorkflowsController;
import io.amcinsights.desktop.workflows.WorkflowsViewModel;

import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.stage.Stage;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The composition root: builds every object of the application, by hand. */
final class Workbench {

    /** Whom grants can be tried with. */
    private static final List<String> LOCAL_ROLES =
            List.of(
                    "arn:aws:iam::000000000000:role/Administrator",
                    "arn:aws:iam::000000000000:role/Analyst");

    /** CloudFormation asks not to be asked more often. */
    private static final Duration CLOUDFORMATION_PAUSE = Duration.ofSeconds(4);

    private final DesktopFolders folders;
    private final Tasks tasks = Tasks.onVirtualThreads();
    private final Toasts toasts = new Toasts();
    private final Preferences preferences;
    private final Appearance appearance;
    private final MainWindow window;
    private final Dialogs dialogs;
    private final LocalWorkspace localWorkspace;
    private final FileSaver files;
    private final FileOpener opener;
    private final Browser browser;
    private final KnownInstallations known;
    private final CurrentSignIn signIn = new CurrentSignIn();
    private final ResultFolder results = new ResultFolder();
    private @Nullable Session session;
    private @Nullable QueriesViewModel queries;
    private @Nullable NoticesViewModel notices;
    private @Nullable InstallationViewModel managed;
    private BooleanSupplier mayLeave = () -> true;

    Workbench(
            Stage stage,
            DesktopFolders folders,
            FileSaver files,
            FileOpener opener,
            Browser browser) {
        this.opener = opener;
        this.browser = browser;
        this.folders = folders;
        this.files = files;
        preferences = new Preferences(folders.config());
        appearance = new Appearance(preferences);
        window = new MainWindow(stage, preferences, appearance);
        dialogs = new WindowDialogs(stage, appearance);
        localWorkspace = new LocalWorkspace(folders.workspace(), preferences);
        known = new KnownInstallations(preferences);
        stage.setOnCloseRequest(
                event -> {
                    if (!mayLeave.getAsBoolean()) {
                        event.consume();
                    }
                });
    }

    /** Opens the window on the choice of an installation. */
    void open() {
        choose();
    }

    private AwsSignInViewModel choose() {
        closeManaged();
        IdentityCenterViewModel center =
                new IdentityCenterViewModel(preferences, tasks, browser, Clock.systemUTC(), signIn);
        AwsSignInViewModel aws =
                new AwsSignInViewModel(
                        AwsProfiles.ofThisUser(),
                        known,
                        center,
                        tasks,
                        this::signedIn,
                        this::manage);
        SignInViewModel local = new SignInViewModel(localWorkspace, tasks, this::signedIn);
        window.show(new SignInController(local, aws).view());
        return aws;
    }

    /** Shows the deployment of a stack, or of a new one, before anybody is signed in to it. */
    private void manage(AwsAccount account, @Nullable String stackName) {
        InstallationViewModel model = deployment(account);
        managed = model;
        window.show(new InstallationController(model, stackName, true).view());
    }

    private InstallationViewModel deployment(@Nullable AwsAccount account) {
        return new InstallationViewModel(
                account,
                new InstallationViewModel.Setting(
                        Release::installed, CLOUDFORMATION_PAUSE, Clock.systemUTC()),
                tasks,
                dialogs,
                new InstallationViewModel.Ways(
                        known::remember, this::openDeployed, () -> leaveDeployment(account)));
    }

    /** Goes from a deployment to the choice of an installation, where it came from. */
    private void leaveDeployment(@Nullable AwsAccount account) {
        if (session != null) {
            signOut();
            return;
        }
        AwsSignInViewModel aws = choose();
        if (account != null) {
            aws.connect(account);
        }
    }

    /** Opens what was deployed; whoever is in another installation leaves it. */
    private void openDeployed(AwsAccount account, String stackName) {
        if (session == null || leave(false)) {
            choose().open(account, stackName);
        }
    }

    private void closeManaged() {
        if (managed != null) {
            managed.close();
            managed = null;
        }
    }

    private void signedIn(Session opened) {
        closeManaged();
        session = opened;
        ShellViewModel shell =
                new ShellViewModel(
                        opened.installation(),
                        opened.identity(),
                        tasks,
                        toasts,
                        appearance,
                        preferences,
                        this::signOut);
        NoticesViewModel told =
                new NoticesViewModel(
                        opened.backend(),
                        tasks,
                        shell,
                        preferences,
                        placeOf(opened.installation()));
        notices = told;
        window.show(new ShellController(shell, told, new Screens(screens(opened, shell))).view());
    }

    /** A controller of each screen, made when the screen is first shown. */
    private Map<Class<?>, Supplier<?>> screens(Session opened, Navigation navigation) {
        Backend backend = opened.backend();
        OnboardingViewModel onboarding =
                new OnboardingViewModel(
                        backend,
                        tasks,
                        new BucketViewModel(backend, tasks, toasts, files),
                        provisioning(opened),
                        opened.installation());

        Map<Class<?>, Supplier<?>> controllers = new HashMap<>();
        controllers.put(
                OverviewController.class,
                () -> new OverviewController(new OverviewViewModel(backend, tasks, navigation)));
        controllers.put(
                TenantsController.class,
                () ->
                        new TenantsController(
                                new TenantsViewModel(backend, tasks, toasts),
                                provisioning(opened),
                                new TenantViewModel(
                                        backend,
                                        tasks,
                                        toasts,
                                        dialogs,
                                        new BucketViewModel(backend, tasks, toasts, files),
                                        new NoticeChoiceViewModel(backend, tasks)),
                                new CredentialsViewModel(
                                        backend,
                                        tasks,
                                        toasts,
                                        dialogs,
                                        browser,
                                        CredentialsViewModel.PORT),
                                new RegistryViewModel(backend, tasks, toasts, files, opener),
                                onboarding));
        controllers.put(
                OnboardingController.class, () -> new OnboardingController(onboarding, navigation));
        addWorkflows(controllers, backend, navigation);
        PipelineViewModel pipeline = new PipelineViewModel(backend, tasks, navigation, toasts);
        controllers.put(
                PipelineController.class,
                () ->
                        new PipelineController(
                                pipeline,
                                new DetailViewModel(
                                        backend, tasks, dialogs, navigation, toasts, pipeline),
                                new ExecutionViewModel(
                                        opened.executions(), tasks, Workbench::textWidth),
                                new DatasetsViewModel(backend, tasks, navigation, toasts, dialogs),
                                new ReadersViewModel(
                                        backend,
                                        tasks,
                                        dialogs,
                                        toasts,
                                        opened.installation().local() ? LOCAL_ROLES : List.of()),
                                new DropsViewModel(
                                        backend, opened.objects(), tasks, dialogs, opener, toasts),
                                toasts));
        controllers.put(
                SchedulesController.class,
                () ->
                        new SchedulesController(
                                new SchedulesViewModel(
                                        backend,
                                        tasks,
                                        toasts,
                                        dialogs,
                                        navigation,
                                        Clock.systemUTC())));
        InstallationViewModel installation =
                deployment(opened.installation().local() ? null : opened.account());
        managed = installation;
        controllers.put(
                InstallationController.class,
                () ->
                        new InstallationController(
                                installation, opened.installation().name(), false));
        controllers.put(
                SettingsController.class,
                () -> new SettingsController(appearance, folders, localWorkspace));
        QueriesViewModel asking = queries(opened);
        queries = asking;
        controllers.put(QueriesController.class, () -> new QueriesController(asking, tasks));
        return controllers;
    }

    /** What is remembered of an installation is remembered under this word. */
    private static String placeOf(Installation installation) {
        return installation.local()
                ? "local"
                : "%s-%s".formatted(installation.name(), installation.region());
    }

    private QueriesViewModel queries(Session opened) {
        Installation installation = opened.installation();
        EditorStore store =
                new EditorStore(
                        folders.config(),
                        "editors-%s.json".formatted(placeOf(installation)),
                        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
        return new QueriesViewModel(
                opened.athena(),
                new AthenaQueries(opened.athena(), opened.objects(), results),
                store,
                tasks,
                toasts,
                files,
                installation.local());
    }

    private void addWorkflows(
            Map<Class<?>, Supplier<?>> controllers, Backend backend, Navigation navigation) {
        Clock clock = Clock.systemUTC();
        LibraryViewModel library = new LibraryViewModel(backend, tasks);
        EditorViewModel editor = new EditorViewModel(backend, tasks, dialogs, toasts, clock);
        RunViewModel run = new RunViewModel(backend, tasks, navigation, clock);
        BatchViewModel batch = new BatchViewModel(backend, tasks, navigation, clock);
        WorkflowsViewModel workflows =
                new WorkflowsViewModel(backend, tasks, navigation, library, editor, run, batch);
        controllers.put(WorkflowsController.class, () -> new WorkflowsController(workflows, run));
        controllers.put(LibraryController.class, () -> new LibraryController(workflows, library));
        controllers.put(
                EditorController.class, () -> new EditorController(workflows, editor, tasks));
        mayLeave = workflows::mayLeave;
    }

    private ProvisioningViewModel provisioning(Session opened) {
        return new ProvisioningViewModel(opened.backend(), opened.executions(), tasks);
    }

    private static double textWidth(String text) {
        Text drawn = new Text(text);
        drawn.setFont(Font.font("Roboto", 14));
        return drawn.getLayoutBounds().getWidth();
    }

    private void signOut() {
        leave(true);
    }

    /**
     * Leaves the installation, if nothing there keeps the person back.
     *
     * @param signOut also at IAM Identity Center
     */
    private boolean leave(boolean signOut) {
        if (!mayLeave.getAsBoolean()) {
            return false;
        }
        mayLeave = () -> true;
        Session ended = session;
        session = null;
        closeScreens();
        Runnable atAws = signOut ? signIn.end() : () -> {};
        open();
        if (ended != null) {
            tasks.run(
                            () -> {
                                ended.close();
                                localWorkspace.stop();
                                atAws.run();
                                return true;
                            })
                    .onFailure(toasts::failed)
                    .start();
        }
        return true;
    }

    private void closeScreens() {
        if (notices != null) {
            notices.stop();
            notices = null;
        }
        if (queries != null) {
            queries.close();
            queries = null;
        }
    }

    /** Ends what was started. */
    void close() {
        window.remember();
        closeScreens();
        closeManaged();
        results.delete();
        if (session != null) {
            session.close();
        }
        signOutShortly();
        localWorkspace.stop();
    }

    /** A window that closes does not wait for long for an AWS that does not answer. */
    private void signOutShortly() {
        try {
            Thread.ofVirtual().start(signIn.end()).join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
