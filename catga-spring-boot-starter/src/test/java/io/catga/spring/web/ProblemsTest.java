package io.catga.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.catga.CatgaException;
import io.catga.ErrorCode;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.multipart.MultipartException;
import tools.jackson.databind.json.JsonMapper;

/** What an application with this starter answers, its own error handling beside ours. */
@ExtendWith(OutputCaptureExtension.class)
class ProblemsTest {

    @ResponseStatus(HttpStatus.GONE)
    static final class NoMoreHere extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static final class OwnFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @RestControllerAdvice
    static final class OwnAdvice {
        @ExceptionHandler
        ResponseEntity<String> onOwn(OwnFailure e) {
            return ResponseEntity.status(HttpStatus.PAYMENT_REQUIRED).body("own answer");
        }
    }

    @RestController
    static final class Controller {
        @GetMapping("/unavailable")
        String unavailable() {
            throw new CatgaException(ErrorCode.UNAVAILABLE, "not now");
        }

        @GetMapping("/defect")
        String defect() {
            throw new IllegalStateException("password=secret");
        }

        @GetMapping("/left")
        String left(@RequestParam boolean whileWritten) throws IOException {
            ClientAbortException left = new ClientAbortException(new IOException("Broken pipe"));
            if (whileWritten) {
                throw new HttpMessageNotWritableException("Could not write JSON", left);
            }
            throw left;
        }

        @GetMapping("/gone")
        String gone() {
            throw new NoMoreHere();
        }

        @GetMapping("/own")
        String own() {
            throw new OwnFailure();
        }

        @PostMapping("/form")
        String form(@RequestParam String name) {
            return name;
        }

        @PostMapping("/upload")
        void upload() {
            throw new MultipartException("no multipart boundary was found");
        }

        @PostMapping("/text")
        String text(HttpServletRequest request) throws IOException {
            return request.getReader().readLine();
        }
    }

    private final Problems problems = new Problems(new StaticListableBeanFactory().getBeanProvider(Tracer.class));
    /** The advices in the order of their beans: those of the application before those of a starter. */
    private final MockMvc application = MockMvcBuilders.standaloneSetup(new Controller())
            .setControllerAdvice(new OwnAdvice(), new ProblemAdvice(problems), new DefectAdvice(problems))
            .addFilters(new BodyLimitFilter(
                    DataSize.ofBytes(16),
                    problems,
                    JsonMapper.builder()
                            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
                            .build()))
            .build();

    @Test
    void aFailedMessageIsAProblemWithItsCode() throws Exception {
        application
                .perform(get("/unavailable"))
                .andExpect(status().isServiceUnavailable())
                .andExpect(header().string("Retry-After", "1"))
                .andExpect(jsonPath("$.code").value("UNAVAILABLE"));
    }

    @Test
    void aDefectTellsNothing() throws Exception {
        application
                .perform(get("/defect"))
                .andExpect(status().isInternalServerError())
                .andExpect(jsonPath("$.code").value("INTERNAL"))
                .andExpect(content().string(Matchers.not(Matchers.containsString("secret"))));
    }

    @Test
    void whatTheApplicationHandlesItselfStaysItsOwn() throws Exception {
        application
                .perform(get("/own"))
                .andExpect(status().isPaymentRequired())
                .andExpect(content().string("own answer"));
        application.perform(get("/gone")).andExpect(status().isGone());
    }

    @Test
    void aWrongMethodIsAProblemToo() throws Exception {
        application
                .perform(post("/own"))
                .andExpect(status().isMethodNotAllowed())
                .andExpect(header().string("Allow", "GET"))
                .andExpect(jsonPath("$.code").value("VALIDATION"));
    }

    @Test
    void aMultipartBodyThatCannotBeReadIsNoDefect() throws Exception {
        application
                .perform(post("/upload"))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.code").value("UNREADABLE"));
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        application
                .perform(post("/text").contentType(MediaType.TEXT_PLAIN).content("more than sixteen bytes"))
                .andExpect(status().is(HttpStatus.CONTENT_TOO_LARGE.value()))
                .andExpect(jsonPath("$.code").value("VALIDATION"));
    }

    @Test
    void aBodyWithinTheLimitCanBeReadAsText() throws Exception {
        application
                .perform(post("/text").contentType(MediaType.TEXT_PLAIN).content("short"))
                .andExpect(content().string("short"));
    }

    @Test
    void aFormIsLeftToTheContainer() throws Exception {
        application
                .perform(post("/form")
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .content("name=a-name-of-more-than-sixteen-bytes"))
                .andExpect(content().string("a-name-of-more-than-sixteen-bytes"));
    }

    /** Anybody can do it, and could fill the log. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoHasLeftIsNoDefect(boolean whileWritten, CapturedOutput log) throws Exception {
        application
                .perform(get("/left?whileWritten=" + whileWritten))
                .andExpect(content().string(""));

        assertThat(log).doesNotContain("Broken pipe");
    }
}
