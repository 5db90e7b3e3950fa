package io.catga.redis;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** The lines that this module writes while it is open. Other tests run beside it: look for what only the own ones say. */
final class Logged extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private static final Logger MODULE = (Logger) LoggerFactory.getLogger("io.catga.redis");

    private final Queue<ILoggingEvent> seen = new ConcurrentLinkedQueue<>();

    static Logged begin() {
        Logged logged = new Logged();
        logged.start();
        MODULE.addAppender(logged);
        return logged;
    }

    @Override
    protected void append(ILoggingEvent line) {
        seen.add(line);
    }

    List<String> linesWith(String text) {
        return seen.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(text))
                .toList();
    }

    @Override
    public void close() {
        MODULE.detachAppender(this);
    }
}
