package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.charts.ChartPanel;
import io.amcinsights.desktop.common.ClipboardText;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ProblemView;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.StatusBadge;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.editor.SqlEditor;
import io.amcinsights.desktop.queries.ResultViewModel.Fetch;
import io.amcinsights.desktop.queries.ResultViewModel.Phase;
import io.amcinsights.desktop.results.Column;
import io.amcinsights.desktop.results.Row;
import io.amcinsights.sql.athena.AthenaSql;

import javafx.beans.binding.Bindings;
import javafx.embed.swing.SwingFXUtils;
import javafx.fxml.FXML;
import javafx.fxml.FXMLLoader;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SplitMenuButton;
import javafx.scene.control.SplitPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import javax.imageio.ImageIO;

/** One editor above its result. */
final class EditorController {

    private static final Messages MESSAGES = Messages.of(EditorController.class);
    private static final KeyCombination RUN =
            new KeyCodeCombination(KeyCode.ENTER, KeyCombination.SHORTCUT_DOWN);

    private final EditorViewModel model;
    private final ResultViewModel result;
    private final QueriesViewModel screen;
    private final BiConsumer<String, Node> details;
    private final SqlEditor editor;
    private final ResultGrid grid;
    private final ChartPanel chart;

    @FXML private SplitPane root;
    @FXML private StackPane editorPlace;
    @FXML private SplitMenuButton run;
    @FXML private FontIcon runIcon;
    @FXML private Button stop;
    @FXML private HBox phase;
    @FXML private Label time;
    @FXML private Label rowCount;
    @FXML private Label scanned;
    @FXML private Label waiting;
    @FXML private HBox progress;
    @FXML private Label progressText;
    @FXML private ProgressBar progressBar;
    @FXML private Button progressStop;
    @FXML private Button fetchAgain;
    @FXML private StackPane fetchProblem;
    @FXML private HBox outcome;
    @FXML private ToggleButton asTable;
    @FXML private ToggleButton asChart;
    @FXML private Button exportCsv;
    @FXML private Button savePicture;
    @FXML private StateView state;
    @FXML private StackPane content;
    @FXML private HBox footer;
    @FXML private Label summary;

    /**
     * @param details shows something under a title in the screen's drawer
     */
    EditorController(
            EditorViewModel model,
            QueriesViewModel screen,
            Tasks tasks,
            BiConsumer<String, Node> details) {
        this.model = model;
        this.screen = screen;
        this.details = details;
        result = model.result();
        editor =
                new SqlEditor(
                        tasks,
                        AthenaSql::check,
                        (sql, caret) ->
                                AthenaSql.complete(sql, caret, screen.catalogue().schema()));
        grid =
                new ResultGrid(
                        new ResultGrid.Actions() {
                            @Override
                            public void copy(Selection selection, boolean header) {
                                result.copy(selection, header, ClipboardText::copy);
                            }

                            @Override
                            public void look(int row, int column) {
                                showRow(row, column);
                            }
                        });
        chart = new ChartPanel(result.chart());
    }

    Parent view() {
        FXMLLoader loader =
                new FXMLLoader(
                        EditorController.class.getResource("Editor.fxml"), MESSAGES.bundle());
        loader.setController(this);
        try {
            return loader.load();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot load the editor", e);
        }
    }

    @FXML
    void initialize() {
        editorPlace.getChildren().setAll(editor);
        editor.textProperty().bindBidirectional(model.sqlProperty());
        editor.setOnDragOver(this::dragOver);
        editor.setOnDragDropped(this::dropped);
        model.refusedProperty().subscribe(editor::showRefused);
        root.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (RUN.match(event)) {
                        run();
                        event.consume();
                    }
                });
        run.setOnAction(event -> run());
        bindReuse();
        stop.setOnAction(event -> result.stop());
        bindState();
        bindProgress();
        bindOutcome();
    }

    private void bindReuse() {
        ToggleGroup group = new ToggleGroup();
        Map<Reuse, RadioMenuItem> choices = new EnumMap<>(Reuse.class);
        for (Reuse choice : Reuse.values()) {
            RadioMenuItem item = new RadioMenuItem(MESSAGES.text("reuse." + choice));
            item.setId("reuse-" + choice);
            item.setToggleGroup(group);
            choices.put(choice, item);
            item.setOnAction(event -> model.reuseProperty().set(choice));
            run.getItems().add(item);
        }
        model.reuseProperty()
                .subscribe(
                        now -> {
                            group.selectToggle(choices.get(now));
                            runIcon.setIconLiteral(now == Reuse.NEVER ? "fth-play" : "fth-clock");
                            run.getTooltip()
                                    .setText(
                                            now == Reuse.NEVER
                                                    ? MESSAGES.text("run.key")
                                                    : MESSAGES.text(
                                                            "run.key.reuse",
                                                            MESSAGES.text("reuse." + now)));
                        });
    }

    private void bindState() {
        Tooltip price = new Tooltip();
        price.setWrapText(true);
        price.setMaxWidth(360);
        scanned.setTooltip(price);
        result.phaseProperty().subscribe(this::showPhase);
        result.queryProperty().subscribe(this::showQuery);
        for (Label fact : List.of(time, rowCount, scanned)) {
            fact.managedProperty().bind(fact.textProperty().isNotEmpty());
        }
        time.textProperty().bind(result.timeProperty());
        waiting.textProperty().bind(result.waitProperty());
        waiting.visibleProperty().bind(result.waitProperty().isNotEmpty());
        waiting.managedProperty().bind(waiting.visibleProperty());
        state.stateProperty().bind(result.stateProperty());
    }

    private void bindProgress() {
        result.fetchProperty().subscribe(fetch -> showProgress());
        result.exportingProperty().subscribe(export -> showProgress());
        progressStop.setOnAction(
                event -> {
                    if (result.exportingProperty().get() != null) {
                        result.stopExporting();
                    } else {
                        result.stopFetching();
                    }
                });
        fetchAgain.setOnAction(event -> result.fetchAgain());
    }

    private void bindOutcome() {
        ToggleGroup group = new ToggleGroup();
        group.getToggles().addAll(asTable, asChart);
        // One of the two is always chosen.
        group.selectedToggleProperty()
                .addListener(
                        (property, old, now) -> {
                            if (now == null && old != null) {
                                old.setSelected(true);
                            }
                        });
        asChart.selectedProperty().bindBidirectional(result.drawnProperty());
        result.drawnProperty()
                .subscribe(
                        drawn -> {
                            asTable.setSelected(!drawn);
                            content.getChildren().setAll(drawn ? chart : grid);
                            shows(savePicture, drawn);
                            shows(footer, !drawn);
                        });
        result.tableProperty()
                .subscribe(
                        table -> {
                            shows(outcome, !table.columns().isEmpty());
                            grid.show(table);
                            rowCount.setText(result.rowCount());
                        });
        exportCsv.setOnAction(event -> result.exportCsv(model.titleProperty().get()));
        savePicture.setOnAction(event -> savePicture());
        savePicture
                .disableProperty()
                .bind(
                        Bindings.createBooleanBinding(
                                () -> !result.chart().drawable(), result.chart().chartProperty()));
        summary.textProperty().bind(result.summaryProperty());
        grid.selectionProperty().subscribe(result::select);
    }

    private void run() {
        model.run(editor.caretPosition(), editor.selectionStart(), editor.selectedText());
    }

    private void showPhase(Phase now) {
        shows(stop, now.under());
        stop.setDisable(now == Phase.STOPPING);
        run.setDisable(now.under());
        phase.getChildren().clear();
        if (now != Phase.NONE) {
            phase.getChildren().add(new StatusBadge(tone(now), MESSAGES.text("phase." + now)));
        }
        showQuery();
    }

    private void showQuery() {
        scanned.setText(result.scanned());
        scanned.getTooltip().setText(result.scannedExplained());
    }

    static Tone tone(Phase phase) {
        return switch (phase) {
            case NONE, STARTING, QUEUED -> Tone.WAITING;
            case RUNNING -> Tone.RUNNING;
            case STOPPING, CANCELLED -> Tone.CANCELLED;
            case SUCCEEDED -> Tone.SUCCEEDED;
            case FAILED -> Tone.FAILED;
        };
    }

    private void showProgress() {
        Fetch fetch = result.fetchProperty().get();
        Fetch.Under exporting = result.exportingProperty().get();
        Fetch.Under shown =
                exporting != null ? exporting : fetch instanceof Fetch.Under under ? under : null;
        shows(progress, shown != null);
        if (shown != null) {
            progressText.setText(shown.text());
            progressBar.setProgress(shown.share());
        }
        shows(fetchAgain, fetch instanceof Fetch.Stopped);
        boolean failed = fetch instanceof Fetch.Failed;
        shows(fetchProblem, failed);
        fetchProblem.getChildren().clear();
        if (fetch instanceof Fetch.Failed(var problem)) {
            fetchProblem.getChildren().add(new ProblemView(problem, result::fetchAgain));
        }
        exportCsv.setDisable(!(fetch instanceof Fetch.Done) || exporting != null);
    }

    private void savePicture() {
        chart.picture()
                .ifPresent(
                        picture -> {
                            BufferedImage image = SwingFXUtils.fromFXImage(picture, null);
                            screen.save(
                                    model.titleProperty().get(),
                                    "png",
                                    MESSAGES.text("picture.kind"),
                                    () -> png(image));
                        });
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private void showRow(int row, int column) {
        ResultViewModel.Table table = result.tableProperty().get();
        if (row >= table.rows().size()) {
            return;
        }
        Row shown = table.rows().get(row);
        if (shown.equals(Row.LOADING)) {
            return;
        }
        List<Column> columns = table.columns();
        details.accept(
                MESSAGES.text("record.title", row + 1), new RecordView(columns, shown, column));
    }

    private void dragOver(DragEvent event) {
        if (event.getDragboard().hasString()) {
            event.acceptTransferModes(TransferMode.COPY);
            event.consume();
        }
    }

    private void dropped(DragEvent event) {
        @Nullable String words = event.getDragboard().getString();
        if (words != null) {
            editor.drop(event.getSceneX(), event.getSceneY(), words);
            event.setDropCompleted(true);
            event.consume();
        }
    }

    /** Puts words at the caret. */
    void insert(String words) {
        editor.insert(words);
    }

    void stop() {
        result.stop();
    }

    void focus() {
        editor.requestFocus();
    }

    private static void shows(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }

    /** The tone and word of a query's state. */
    static StatusBadge badge(Athena.State of) {
        return new StatusBadge(tone(Phase.valueOf(of.name())), MESSAGES.text("phase." + of));
    }
}
