"""What the customer of the speed measurements says, over and over."""

MESSAGES = [
    "您好",
    "我的订单 2026110812345 到哪里了",
    "几点关门",
    "怎么开发票",
    "冰箱送来第二天就不制冷了，我要投诉",
    "我叫王芳，手机 13812345678",
    "昨天下午发现的",
    "你们多久能处理",
    "算了，先不投诉了",
    "谢谢",
]
