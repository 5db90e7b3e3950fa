package io.catga.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Does what docs/getting-started.md says, with what stands there, and runs the test that it ends with. */
class GettingStartedTest {

    /** From the folder of this module, where its tests run. */
    private static final Path PAGE = Path.of("../docs/getting-started.md");

    private static final Pattern PACKAGE = Pattern.compile("^package (\\w+);", Pattern.MULTILINE);
    private static final Pattern TYPE = Pattern.compile("^(?:final )?(?:class|record) (\\w+)", Pattern.MULTILINE);

    @TempDir
    private Path application;

    private static List<String> blocks(String language) throws IOException {
        String page = Files.readString(PAGE);
        return Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    @Test
    void everythingOnThePageCompilesAndItsTestPasses() throws Exception {
        List<String> types = compiled(blocks("java"));
        Files.writeString(
                application.resolve("application.properties"),
                blocks("properties").getFirst());

        TestExecutionSummary summary =
                run(types.stream().filter(type -> type.endsWith("Test")).toList());

        StringWriter failures = new StringWriter();
        summary.printFailuresTo(new PrintWriter(failures, true));
        assertThat(failures.toString()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(2);
    }

    /** Each block is a file of its own; a warning is an error, so that nobody meets one. */
    private List<String> compiled(List<String> blocks) throws IOException {
        List<String> types = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        for (String block : blocks) {
            String name = found(PACKAGE, block) + '.' + found(TYPE, block);
            Path file = application.resolve(name.replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, block));
            types.add(name);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-d",
                    application.toString(),
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-parameters",
                    "-proc:none",
                    "-Xlint:all,-path,-classfile",
                    "-Werror");
            boolean compiles = compiler.getTask(
                            messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(compiles).as(messages.toString()).isTrue();
        }
        return types;
    }

    private static String found(Pattern pattern, String block) {
        return pattern.matcher(block)
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(pattern + " is not in the block:\n" + block));
    }

    private TestExecutionSummary run(List<String> tests) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {application.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(tests.stream()
                                            .map(test -> DiscoverySelectors.selectClass(loader, test))
                                            .toList())
                                    .build(),
                            listener);
            return listener.getSummary();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
