package io.amcinsights.desktop.editor;

import javafx.scene.control.ScrollPane;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;

import java.util.Objects;

/** SQL to read, in the editor's colours; as high as the SQL is long. */
public final class SqlText extends ScrollPane {

    public SqlText(String sql) {
        getStyleClass().add("sql-text");
        getStylesheets()
                .add(
                        Objects.requireNonNull(SqlText.class.getResource("editor.css"))
                                .toExternalForm());
        TextFlow flow = new TextFlow();
        for (SqlTokens.Token token : SqlTokens.of(sql)) {
            Text text = new Text(sql.substring(token.start(), token.end()));
            text.getStyleClass().add("text");
            text.getStyleClass().addAll(SqlEditor.styleOf(token.kind()));
            flow.getChildren().add(text);
        }
        flow.setAccessibleText(sql);
        setContent(flow);
        setVbarPolicy(ScrollBarPolicy.NEVER);
        setMinHeight(USE_PREF_SIZE);
    }
}
