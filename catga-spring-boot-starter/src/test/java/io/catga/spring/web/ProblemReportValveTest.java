package io.catga.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

/** What a real Tomcat answers to what it takes for no request. */
class ProblemReportValveTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final WebServer server = start();

    private static WebServer start() {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        new CatgaTomcatAutoConfiguration().catgaTomcatProblems().customize(factory);
        WebServer server = factory.getWebServer();
        server.start();
        return server;
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private String answer(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.getOutputStream()
                    .write((request + "Host: x\r\nConnection: close\r\ntraceparent: 00-" + TRACE
                                    + "-b7ad6b7169203331-01\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /a%2Fb HTTP/1.1\r\n", "GET /a%00b HTTP/1.1\r\n", "GET /%zz HTTP/1.1\r\n"})
    void anAddressThatTomcatRefusesIsAProblem(String request) throws IOException {
        assertThat(answer(request))
                .startsWith("HTTP/1.1 400")
                .contains("Content-Type: application/problem+json")
                .contains("\"code\":\"UNREADABLE\"", "\"status\":400")
                .doesNotContain("<html");
    }

    @Test
    void theTraceOfTheClientIsNamed() throws IOException {
        assertThat(answer("GET /a%2Fb HTTP/1.1\r\n")).contains("\"traceId\":\"" + TRACE + "\"");
    }

    /** 501 and 505 by the letter of RFC 9110; a failure of ours is something else. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT x:443 HTTP/1.1\r\n",
                "GET / HTTP/1.2\r\n",
                "GET / HTTP/2.0\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: rot13\r\n"
            })
    void whatNobodyKnowsIsTheClientsMistake(String request) throws IOException {
        assertThat(answer(request)).startsWith("HTTP/1.1 400").contains("\"code\":\"UNREADABLE\"", "\"status\":400");
    }

    @Test
    void headersOverTheLimitAreAProblem() throws IOException {
        assertThat(answer("GET / HTTP/1.1\r\nX-Large: " + "x".repeat(9_000) + "\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"code\":\"UNREADABLE\"");
    }
}
