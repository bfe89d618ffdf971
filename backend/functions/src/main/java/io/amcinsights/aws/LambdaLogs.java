package io.amcinsights.aws;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;

import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What the functions log, as Lambda wants it: the runtime makes one JSON object of each message,
 * with its time, level and request, where a text on standard output would come as a line for each
 * line. Only the release names this class; elsewhere the program around the functions says where
 * logs go.
 *
 * <p>Nothing below the level INFO is logged, whatever the function is set to: the SDK writes whole
 * requests there, and some carry secrets.
 */
public final class LambdaLogs implements SLF4JServiceProvider {

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();

    @Override
    public ILoggerFactory getLoggerFactory() {
        return LambdaLog::new;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0";
    }

    @Override
    public void initialize() {}

    private static final class LambdaLog extends LegacyAbstractLogger {

        private static final long serialVersionUID = 1;

        LambdaLog(String name) {
            this.name = name;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable problem) {
            StringWriter text = new StringWriter();
            text.append(name).append(": ");
            text.append(MessageFormatter.basicArrayFormat(message, arguments));
            if (problem != null) {
                text.append('\n');
                problem.printStackTrace(new PrintWriter(text, true));
            }
            LambdaRuntime.getLogger().log(text.toString(), LogLevel.fromString(level.name()));
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }
    }
}
