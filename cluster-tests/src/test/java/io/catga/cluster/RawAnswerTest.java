package io.catga.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawAnswerTest {

    private static List<RawAnswer> answers(String received, boolean head) {
        return RawAnswer.allOf(received.getBytes(StandardCharsets.UTF_8), head);
    }

    @Test
    void eachAnswerOfAConnectionIsFound() {
        List<RawAnswer> answers = answers(
                "HTTP/1.1 100 Continue\r\n\r\n"
                        + "HTTP/1.1 200 \r\nContent-Length: 3\r\nX-A: 1\r\nx-a: 2\r\n\r\n\u00e9!"
                        + "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                        + "HTTP/1.1 204 \r\n\r\n"
                        + "HTTP/1.0 400 \r\n\r\nto the end",
                false);

        assertThat(answers).extracting(RawAnswer::status).containsExactly(200, 404, 204, 400);
        assertThat(answers).extracting(RawAnswer::body).containsExactly("\u00e9!", "abcde", "", "to the end");
        assertThat(answers.getFirst().header("X-A")).isEqualTo("1, 2");
    }

    @Test
    void theAnswerToAHeadRequestHasNoBody() {
        assertThat(answers(
                        "HTTP/1.1 200 \r\nContent-Length: 99\r\n\r\nHTTP/1.1 400 \r\nContent-Length: 0\r\n\r\n", true))
                .extracting(RawAnswer::status)
                .containsExactly(200, 400);
    }

    @Test
    void whatIsCutOffIsTakenAsItIs() {
        assertThat(answers("", false)).isEmpty();
        assertThat(answers("HTTP/1.1 200 \r\nContent-Length: 9\r\n\r\nab", false)
                        .getFirst()
                        .body())
                .isEqualTo("ab");
        assertThat(answers("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab", false)
                        .getFirst()
                        .body())
                .isEqualTo("ab");
        assertThat(answers("{\"no\":\"head\"}", false).getFirst().status()).isZero();
    }
}
