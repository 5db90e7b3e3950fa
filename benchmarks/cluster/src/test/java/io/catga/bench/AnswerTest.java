package io.catga.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    private static final String WITH_LENGTH = "HTTP/1.1 201 Created\r\nServer: x\r\ncontent-length: 5\r\n\r\nhello";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n\r\nline\r\n0\r\n\r\n";
    private static final String EMPTY = "HTTP/1.1 204 No Content\r\n\r\n";

    @ParameterizedTest
    @ValueSource(strings = {WITH_LENGTH, CHUNKED, EMPTY})
    void endsWithItsLastByteHoweverItComes(String text) {
        Answer answer = new Answer();
        for (int i = 0; i < text.length() - 1; i++) {
            assertThat(answer.add(bytes(text.substring(i, i + 1))))
                    .as("after " + i)
                    .isFalse();
        }
        assertThat(answer.add(bytes(text.substring(text.length() - 1)))).isTrue();

        answer.reset();
        assertThat(answer.add(bytes(text))).isTrue();
    }

    @Test
    void hasAStatusAndABody() {
        Answer answer = new Answer();
        answer.add(bytes(WITH_LENGTH));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.closes()).isFalse();
    }

    @Test
    void mayBeTheLastOfItsConnection() {
        Answer answer = new Answer();
        answer.add(bytes("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));

        assertThat(answer.closes()).isTrue();
    }

    @Test
    void somethingElseThanHttpIsRefused() {
        assertThatThrownBy(() -> new Answer().add(bytes("220 mail.example.org\r\n\r\n")))
                .hasMessageContaining("220 mail");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
