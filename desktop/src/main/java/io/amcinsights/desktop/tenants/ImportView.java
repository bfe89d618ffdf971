package io.amcinsights.desktop.tenants;

import io.amcinsights.contract.TenantRequest.ImportedRow;
import io.amcinsights.desktop.common.Messages;
import io.amcinsights.desktop.common.Problem;
import io.amcinsights.desktop.common.ProblemPlace;
import io.amcinsights.desktop.common.Tone;
import io.amcinsights.desktop.common.WrappedLabel;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

import org.kordamp.ikonli.javafx.FontIcon;

/** A list of tenants to onboard, in the drawer: the text, and what comes of each row. */
final class ImportView extends VBox {

    private static final Messages MESSAGES = Messages.of(ImportView.class);

    private final RegistryViewModel model;
    private final VBox rows = new VBox(8);
    private final HBox buttons = new HBox(8);

    ImportView(RegistryViewModel model) {
        super(16);
        this.model = model;
        setId("import");
        rows.setId("importRows");
        TextArea text = new TextArea();
        text.setId("importText");
        text.setPromptText(MESSAGES.text("import.prompt"));
        text.setPrefRowCount(8);
        text.getStyleClass().add("mono-field");
        text.textProperty().bindBidirectional(model.textProperty());
        Label about = new WrappedLabel(MESSAGES.text("import.text"));
        Button choose = button("chooseFile", "import.choose", model::choose);
        getChildren().addAll(about, choose, text, new ProblemPlace(model.problemProperty()), rows);
        Button check = button("checkImport", "import.check", model::check);
        check.disableProperty().bind(model.busyProperty().or(model.textProperty().isEmpty()));
        Button load = button("doImport", "import.do", model::load);
        load.getStyleClass().add("accent");
        load.disableProperty().bind(model.busyProperty().or(model.checkedProperty().not()));
        buttons.getStyleClass().add("buttons");
        buttons.getChildren().addAll(check, load);
        model.rows().subscribe(this::showRows);
    }

    /** What stays in sight below. */
    Node buttons() {
        return buttons;
    }

    private void showRows() {
        rows.getChildren().setAll(model.rows().stream().map(ImportView::row).toList());
    }

    private static Node row(ImportedRow row) {
        Tone tone =
                switch (row.outcome()) {
                    case NEW -> Tone.SUCCEEDED;
                    case SAME -> Tone.CANCELLED;
                    case REFUSED -> Tone.FAILED;
                };
        VBox text =
                new VBox(
                        2,
                        new WrappedLabel(
                                MESSAGES.text(
                                        "import.row." + row.outcome(),
                                        row.row(),
                                        row.name().isBlank()
                                                ? MESSAGES.text("import.nameless")
                                                : row.name())));
        if (row.problem() != null) {
            Problem why = Problem.of(row.problem());
            Label message =
                    new WrappedLabel(
                            why.next() == null ? why.message() : why.message() + " " + why.next());
            message.getStyleClass().addAll("muted", "small");
            text.getChildren().add(message);
        }
        HBox line = new HBox(8, new FontIcon(tone.icon()), text);
        line.getStyleClass().addAll("marked", tone.styleClass());
        return line;
    }

    private static Button button(String id, String key, Runnable command) {
        Button button = new Button(MESSAGES.text(key));
        button.setId(id);
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(event -> command.run());
        return button;
    }
}
