package io.amcinsights.desktop.queries;

import io.amcinsights.desktop.aws.Athena;
import io.amcinsights.desktop.common.Drawer;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.ScreenController;
import io.amcinsights.desktop.common.StateView;
import io.amcinsights.desktop.common.Tasks;
import io.amcinsights.desktop.places.OpenQuery;

import javafx.application.Platform;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The catalogue or the history at the left, the editors at the right. */
public final class QueriesController implements ScreenController {

    private static final Messages MESSAGES = Messages.of(QueriesController.class);
    private static final KeyCombination NEW =
            new KeyCodeCombination(KeyCode.T, KeyCombination.SHORTCUT_DOWN);
    private static final KeyCombination CLOSE =
            new KeyCodeCombination(KeyCode.W, KeyCombination.SHORTCUT_DOWN);

    private static final double SIDE = 0.26;

    private final QueriesViewModel model;
    private final Tasks tasks;
    private final Map<EditorViewModel, OpenTab> open = new HashMap<>();
    private boolean arranging;

    @FXML private HBox root;
    @FXML private Button newQuery;
    @FXML private Label unsaved;
    @FXML private SplitPane split;
    @FXML private Node side;
    @FXML private ToggleButton showDatasets;
    @FXML private ToggleButton showHistory;
    @FXML private Node datasets;
    @FXML private TextField filter;
    @FXML private Button refresh;
    @FXML private StateView catalogueState;
    @FXML private TreeView<CatalogueCell.Item> catalogue;
    @FXML private Node history;
    @FXML private TextField historyFilter;
    @FXML private Button refreshHistory;
    @FXML private StateView historyState;
    @FXML private ListView<Athena.Query> historyList;
    @FXML private TabPane tabs;
    @FXML private Drawer drawer;

    private record OpenTab(Tab tab, EditorController controller) {}

    public QueriesController(QueriesViewModel model, Tasks tasks) {
        this.model = model;
        this.tasks = tasks;
    }

    @FXML
    void initialize() {
        newQuery.setOnAction(event -> model.newEditor());
        unsaved.textProperty().bind(model.unsavedProperty());
        unsaved.visibleProperty().bind(model.unsavedProperty().isNotEmpty());
        unsaved.managedProperty().bind(unsaved.visibleProperty());
        bindSides();
        bindCatalogue();
        bindHistory();
        model.editors().addListener((ListChangeListener<EditorViewModel>) change -> arrangeTabs());
        model.selectedProperty().subscribe(this::select);
        tabs.getSelectionModel()
                .selectedItemProperty()
                .addListener((property, old, now) -> selected(now));
        root.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        // A row is looked at beside the other rows; there is no room for the catalogue as well.
        drawer.shownProperty()
                .addListener(
                        (property, old, now) -> {
                            if (now) {
                                split.getItems().remove(side);
                            } else {
                                split.getItems().addFirst(side);
                                split.setDividerPositions(SIDE);
                            }
                        });
        arrangeTabs();
    }

    @Override
    public void shown(@Nullable Object argument) {
        model.start();
        if (argument instanceof OpenQuery query) {
            model.open(query);
        }
        OpenTab now = openTab(model.selectedProperty().get());
        if (now != null) {
            now.controller().focus();
        }
    }

    private void key(KeyEvent event) {
        OpenTab now = openTab(model.selectedProperty().get());
        if (NEW.match(event)) {
            model.newEditor();
        } else if (CLOSE.match(event) && now != null) {
            model.close((EditorViewModel) now.tab().getUserData());
        } else if (event.getCode() == KeyCode.ESCAPE && now != null) {
            now.controller().stop();
        } else {
            return;
        }
        event.consume();
    }

    private void bindSides() {
        ToggleGroup sides = new ToggleGroup();
        sides.getToggles().addAll(showDatasets, showHistory);
        sides.selectedToggleProperty()
                .addListener(
                        (property, old, now) -> {
                            if (now == null && old != null) {
                                old.setSelected(true);
                            }
                        });
        datasets.visibleProperty().bind(showDatasets.selectedProperty());
        history.visibleProperty().bind(showHistory.selectedProperty());
        showHistory.setOnAction(event -> model.history().refresh());
    }

    private void bindCatalogue() {
        filter.textProperty().bindBidirectional(model.catalogue().filterProperty());
        refresh.setOnAction(event -> model.catalogue().refresh());
        catalogueState.stateProperty().bind(model.catalogue().stateProperty());
        catalogue.setShowRoot(false);
        catalogue.setRoot(new TreeItem<>());
        catalogue.setCellFactory(
                tree -> new CatalogueCell(name -> model.open(OpenQuery.ofDataset(name, null))));
        catalogue.setOnMouseClicked(
                event -> {
                    if (event.getClickCount() == 2 && event.getButton() == MouseButton.PRIMARY) {
                        insertChosen();
                    }
                });
        catalogue.setOnKeyPressed(
                event -> {
                    if (event.getCode() == KeyCode.ENTER) {
                        insertChosen();
                        event.consume();
                    }
                });
        model.catalogue()
                .found()
                .addListener(
                        (ListChangeListener<CatalogueViewModel.Found>) change -> showCatalogue());
        showCatalogue();
    }

    private void showCatalogue() {
        Set<String> expanded = new HashSet<>();
        for (TreeItem<CatalogueCell.Item> item : catalogue.getRoot().getChildren()) {
            if (item.isExpanded()) {
                expanded.add(item.getValue().name());
            }
        }
        catalogue
                .getRoot()
                .getChildren()
                .setAll(
                        model.catalogue().found().stream()
                                .map(found -> item(found, expanded))
                                .toList());
    }

    private static TreeItem<CatalogueCell.Item> item(
            CatalogueViewModel.Found found, Set<String> expanded) {
        TreeItem<CatalogueCell.Item> item =
                new TreeItem<>(new CatalogueCell.OfTable(found.table()));
        for (Athena.TableColumn column : found.columns()) {
            item.getChildren().add(new TreeItem<>(new CatalogueCell.OfColumn(column)));
        }
        item.setExpanded(found.open() || expanded.contains(found.table().name()));
        return item;
    }

    private void insertChosen() {
        TreeItem<CatalogueCell.Item> chosen = catalogue.getSelectionModel().getSelectedItem();
        OpenTab now = openTab(model.selectedProperty().get());
        if (chosen != null && now != null) {
            now.controller().insert(chosen.getValue().inSql());
        }
    }

    private void bindHistory() {
        historyFilter.textProperty().bindBidirectional(model.history().filterProperty());
        refreshHistory.setOnAction(event -> model.history().refresh());
        historyState.stateProperty().bind(model.history().stateProperty());
        historyList.setItems(model.history().found());
        historyList.setCellFactory(list -> new HistoryCell(model::open));
        historyList.setOnKeyPressed(
                event -> {
                    Athena.Query chosen = historyList.getSelectionModel().getSelectedItem();
                    if (event.getCode() == KeyCode.ENTER && chosen != null) {
                        model.open(chosen);
                        event.consume();
                    }
                });
    }

    private @Nullable OpenTab openTab(@Nullable EditorViewModel editor) {
        return editor == null ? null : open.get(editor);
    }

    private void arrangeTabs() {
        arranging = true;
        try {
            open.keySet().retainAll(model.editors());
            List<Tab> wanted =
                    model.editors().stream()
                            .map(editor -> open.computeIfAbsent(editor, this::tab).tab())
                            .toList();
            if (!tabs.getTabs().equals(wanted)) {
                tabs.getTabs().setAll(wanted);
            }
        } finally {
            arranging = false;
        }
        select(model.selectedProperty().get());
    }

    private OpenTab tab(EditorViewModel editor) {
        EditorController controller =
                new EditorController(
                        editor, model, tasks, (title, node) -> drawer.show(title, node));
        Tab tab = new Tab();
        tab.setUserData(editor);
        TabTitle title = new TabTitle(editor.titleProperty(), name -> model.rename(editor, name));
        tab.setGraphic(title);
        tab.setOnCloseRequest(
                event -> {
                    event.consume();
                    model.close(editor);
                });
        MenuItem rename = new MenuItem(MESSAGES.text("tab.rename"));
        rename.setOnAction(event -> title.edit());
        MenuItem close = new MenuItem(MESSAGES.text("tab.close"));
        close.setOnAction(event -> model.close(editor));
        tab.setContextMenu(new ContextMenu(rename, close));
        return new OpenTab(tab, controller);
    }

    private void selected(@Nullable Tab tab) {
        if (tab != null && !arranging) {
            model.selectedProperty().set((EditorViewModel) tab.getUserData());
        }
    }

    private void select(@Nullable EditorViewModel editor) {
        OpenTab now = openTab(editor);
        if (now == null || arranging) {
            return;
        }
        // An editor that nobody has looked at yet costs nothing.
        if (now.tab().getContent() == null) {
            now.tab().setContent(now.controller().view());
        }
        tabs.getSelectionModel().select(now.tab());
        drawer.hide();
        // A click on a tab takes the focus itself, after it has selected the tab.
        Platform.runLater(now.controller()::focus);
    }
}
