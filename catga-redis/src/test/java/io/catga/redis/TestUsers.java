package io.catga.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Users with the permissions that the documentation lists, and no more; as lines of an ACL file. */
final class TestUsers {

    private static final List<String> DOCUMENTED = documented();

    /** Does everything that this module can do. */
    static final String SERVICE =
            DOCUMENTED.get(0).replace("<name>", "service").replace("<password>", "service-sesame");

    /** Of the Sentinels. */
    static final String ASKING = DOCUMENTED.get(1).replace("<name>", "asking").replace("<password>", "asking-sesame");

    private TestUsers() {}

    private static List<String> documented() {
        try {
            return Pattern.compile("```\\n(user <name> [^`]+)\\n```")
                    .matcher(Files.readString(Path.of("../docs/architecture.md")))
                    .results()
                    .map(block -> block.group(1).replace('\n', ' '))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
