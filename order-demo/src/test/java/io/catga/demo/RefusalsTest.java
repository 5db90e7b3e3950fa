package io.catga.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What ends before a handler has it is a problem too, with everything that an answer has. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class RefusalsTest {

    private static final String CHUNKED =
            "POST /api/orders HTTP/1.1|Content-Type: application/json|Transfer-Encoding: chunked||";

    @LocalServerPort
    private int port;

    private String answer(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(request.replaceFirst("\\|", "|Host: x|Connection: close|")
                            .replace("|", "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TRACE /api/orders HTTP/1.1||, 405, VALIDATION",
        CHUNKED + "zz|{}|0||, 400, UNREADABLE",
        CHUNKED + "-1|{}|0||, 400, UNREADABLE",
        "GET /error HTTP/1.1||, 404, NOT_FOUND",
        "GET /api/orders?limit=%zz HTTP/1.1||, 400, UNREADABLE",
        "GET /api/notifications?orderId=%ff HTTP/1.1||, 400, UNREADABLE",
        "PUT /api/orders HTTP/1.1|Content-Type: application/x-www-form-urlencoded|Content-Length: 5||a=%zz, 405, VALIDATION",
        "GET // HTTP/1.1||, 404, NOT_FOUND"
    })
    void itIsAProblemWithACode(String request, int status, String code) throws IOException {
        assertThat(answer(request))
                .startsWith("HTTP/1.1 " + status)
                .contains("Content-Type: application/problem+json", "X-Served-By: order-demo")
                .contains("\"code\":\"" + code + "\"", "\"status\":" + status)
                .contains("\"instance\":\"" + request.split("[ ?]")[1].replaceFirst("^//", "/.//") + "\"");
    }

    /** Or anybody could fill it: Spring Boot's level for these is WARN. */
    @ParameterizedTest
    @ValueSource(strings = {"GET //", "GET /console/..%5c..%5cx", "PUT /api/orders", "FOO /api/orders", "PUT /"})
    void itIsNotInTheLog(String request, CapturedOutput log) throws IOException {
        assertThat(answer(request + " HTTP/1.1||")).startsWith("HTTP/1.1 4");

        assertThat(log.getAll()).doesNotContainPattern("\\d (WARN|ERROR) ");
    }

    @Test
    void itNamesTheTraceThatHadBegun() throws IOException {
        String answer = answer(CHUNKED + "zz|{}|0||");

        assertThat(answer).containsPattern("X-Trace-Id: [0-9a-f]{32}");
        String trace = answer.replaceAll("(?s).*X-Trace-Id: ([0-9a-f]{32}).*", "$1");
        assertThat(answer).contains("\"traceId\":\"" + trace + "\"");
    }
}
