package io.catga.redis;

/** Users with no more permissions than they need. */
final class TestUsers {

    /** Does everything that this module can do. */
    static final String SERVICE = "user service on >service-sesame resetchannels -@all"
            + " +hello +client|setinfo +ping +role +script|load +evalsha +incr +wait"
            // inside the script
            + " +get +set +zadd +persist +pexpire +zremrangebyrank +xadd"
            + " +mget +zrevrangebylex"
            + " +xreadgroup +xautoclaim +xack +xdel +xgroup|create +xlen +xrange"
            + " ~catga:done:* ~catga:state:* ~catga:index:* ~catga:outbox ~catga:fence";

    /** Of the Sentinels. */
    static final String ASKING = "user asking on >asking-sesame resetchannels -@all"
            + " +hello +client|setinfo +sentinel|get-master-addr-by-name +sentinel|replicas";

    private TestUsers() {}
}
