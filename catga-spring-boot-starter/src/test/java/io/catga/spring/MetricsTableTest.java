package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.Event;
import io.catga.EventHandler;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Result;
import io.catga.Unit;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** {@code docs/metrics.md} lists what applications have, by name, type and labels: all of it, and nothing else. */
class MetricsTableTest {

    private static final Path TABLE = Path.of("../docs/metrics.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `(catga_\\w+)` \\| (\\w+) \\| ([^|]*) \\| [^|]+ \\|$", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^# TYPE (catga_\\w+) (\\w+)$", Pattern.MULTILINE);
    private static final Pattern SAMPLE = Pattern.compile("^(catga_\\w+)\\{(.*)} \\S+$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    @MessageType("test.ask")
    record Ask() implements Command<String> {}

    @MessageType("test.told")
    record Told() implements Event {}

    static final class Asked implements CommandHandler<Ask, String> {
        @Override
        public Result<String> handle(Ask command, MessageContext context) {
            return Result.success("");
        }
    }

    static final class Heard implements EventHandler<Told> {
        @Override
        public Result<Unit> handle(Told event, MessageContext context) {
            return Result.done();
        }
    }

    private static ApplicationContextRunner application(String... settings) {
        return TestMetrics.application()
                .withBean(MessageCatalog.class, () -> MessageCatalog.of(Ask.class, Told.class))
                .withPropertyValues(settings);
    }

    private static final String[] CLUSTER = {
        "catga.nats.servers=nats://localhost:1", "catga.redis.node=localhost:1", "catga.rate-limit.permits=5"
    };

    @Test
    void listsEveryMetricOfAnApplicationAndNoOther() throws IOException {
        SortedMap<String, String> found = new TreeMap<>();
        List<ApplicationContextRunner> applications = List.of(
                application(CLUSTER).withBean(Asked.class).withBean(Heard.class),
                application(CLUSTER),
                application("catga.in-memory=true").withBean(Asked.class).withBean(Heard.class));

        for (ApplicationContextRunner application : applications) {
            application.run(context -> {
                assertThat(context).hasNotFailed();
                String page = new TestMetrics(context.getBean(PrometheusMeterRegistry.class)).scrape();
                assertThat(page).contains("catga_");
                TYPE.matcher(page)
                        .results()
                        .filter(family -> !isMaximumOfAnother(family.group(1), page))
                        .forEach(family ->
                                found.put(family.group(1), family.group(2) + " " + labels(family.group(1), page)));
            });
        }

        SortedMap<String, String> listed = new TreeMap<>();
        for (MatchResult row : ROW.matcher(Files.readString(TABLE)).results().toList()) {
            SortedSet<String> labels = new TreeSet<>(List.of(
                    row.group(3).replace("`", "").isBlank()
                            ? new String[0]
                            : row.group(3).replace("`", "").split(", ")));
            listed.put(row.group(1), row.group(2) + " " + labels);
        }
        assertThat(listed).isEqualTo(found);
    }

    /** Micrometer gives every timer and summary a gauge beside it, with the maximum of the last minutes. */
    private static boolean isMaximumOfAnother(String name, String page) {
        String base = Pattern.quote(name.replaceAll("_max$", ""));
        return name.endsWith("_max")
                && Pattern.compile("# TYPE " + base + " (histogram|summary)")
                        .matcher(page)
                        .find();
    }

    /** Those beside {@code service}, {@code instance} and the bucket's bound, which all have. */
    private static SortedSet<String> labels(String family, String page) {
        SortedSet<String> labels = new TreeSet<>();
        List<String> common = new ArrayList<>();
        SAMPLE.matcher(page)
                .results()
                .filter(sample -> sample.group(1).matches(family + "(_bucket|_count|_sum)?"))
                .forEach(sample -> LABEL.matcher(sample.group(2)).results().forEach(label -> {
                    switch (label.group(1)) {
                        case "service", "instance" -> common.add(label.group(1));
                        case "le" -> {}
                        default -> labels.add(label.group(1));
                    }
                }));
        assertThat(common).as("the common labels of %s", family).contains("service", "instance");
        return labels;
    }
}
