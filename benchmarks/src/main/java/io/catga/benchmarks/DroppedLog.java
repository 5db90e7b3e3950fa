package io.catga.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;
import org.slf4j.LoggerFactory;

/** A log whose lines are made as for a console, and dropped. Until it is closed. */
final class DroppedLog implements AutoCloseable {

    private final Logger logger;
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();

    DroppedLog(String name) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d %-5level [%thread] %logger{36} : %msg%n");
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(OutputStream.nullOutputStream());
        appender.start();
        logger = context.getLogger(name);
        logger.setAdditive(false);
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
    }

    /** Leaves the logger as it was found. */
    @Override
    public void close() {
        logger.setLevel(null);
        logger.detachAppender(appender);
        logger.setAdditive(true);
        appender.stop();
    }
}
