package io.catga.orders.api.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

class ConsolePageTest {

    private static final Path FILES = Path.of("src/main/resources/console");

    @EnableWebMvc
    static class Web {}

    @SuppressWarnings("NullAway.Init") // before each test
    private MockMvc mvc;

    @BeforeEach
    void start() {
        AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
        context.register(Web.class, ConsolePage.class);
        context.setServletContext(new MockServletContext());
        context.refresh();
        mvc = MockMvcBuilders.webAppContextSetup(context).build();
    }

    private MockHttpServletResponse answer(String path, String known) throws Exception {
        return mvc.perform(get(path).header("If-None-Match", known)).andReturn().getResponse();
    }

    @Test
    void theRootIsThePage() throws Exception {
        assertThat(answer("/", "").getForwardedUrl()).isEqualTo("/console/index.html");
    }

    @Test
    void nothingButItsOwnFilesMayRunInIt() throws Exception {
        MockHttpServletResponse page = answer("/console/index.html", "");

        assertThat(page.getContentAsString()).contains("<title>");
        assertThat(page.getHeader("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    /** What the policy forbids would only be seen in a browser. */
    @Test
    void noFileMakesMarkupOfTextOrHasScriptOrStyleInTheMarkup() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThan(4);
            assertThat(all)
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
                            .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|https?://(?!www\\.w3\\.org)"));
        }
    }

    @Test
    void aBrowserKeepsAFileForAsLongAsItIsTheSame() throws Exception {
        MockHttpServletResponse first = answer("/console/console.js", "");

        assertThat(first.getStatus()).isEqualTo(200);
        assertThat(first.getHeader("Cache-Control")).isEqualTo("no-cache");
        assertThat(first.getHeader("Last-Modified")).isNull();
        assertThat(answer("/console/console.js", String.valueOf(first.getHeader("ETag")))
                        .getStatus())
                .isEqualTo(304);
        assertThat(answer("/console/console.js", "\"of an older version\"").getStatus())
                .isEqualTo(200);
    }
}
